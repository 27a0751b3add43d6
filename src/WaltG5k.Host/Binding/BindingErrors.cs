using System.Management.Automation;
using WaltG5k.Automation;

namespace WaltG5k.Host.Binding;

/// <summary>Builds every binding error; the method name is the error id, as PowerShell names them.</summary>
sealed class BindingErrors(InvocationInfo invocation)
{
    public ParameterBindingException NamedParameterNotFound(string name) =>
        Make($"A parameter cannot be found that matches parameter name '{name}'.", nameof(NamedParameterNotFound), name);

    public ParameterBindingException AmbiguousParameter(string name, IEnumerable<ParameterDescription> matches) =>
        Make($"Parameter cannot be processed because the parameter name '{name}' is ambiguous. Possible matches include: {string.Join(' ', matches.Select(m => "-" + m.Name))}.",
            nameof(AmbiguousParameter), name);

    public ParameterBindingException MissingArgument(ParameterDescription parameter) =>
        Make($"Missing an argument for parameter '{parameter.Name}'. Specify a parameter of type '{parameter.Type}' and try again.",
        nameof(MissingArgument), parameter);

    public ParameterBindingException ParameterAlreadyBound(ParameterDescription parameter) =>
        Make($"Cannot bind parameter because parameter '{parameter.Name}' is specified more than once. To provide multiple values to parameters that can accept multiple values, use the array syntax. For example, \"-parameter value1,value2,value3\".",
            nameof(ParameterAlreadyBound), parameter);

    public ParameterBindingException PositionalParameterNotFound(object? argument) =>
        Make($"A positional parameter cannot be found that accepts argument '{LanguagePrimitives.ConvertTo<string>(argument)}'.",
        nameof(PositionalParameterNotFound), "");

    public ParameterBindingException AmbiguousParameterSet() =>
        Make("Parameter set cannot be resolved using the specified named parameters. One or more parameters issued cannot be used together or an insufficient number of parameters were provided.",
            nameof(AmbiguousParameterSet), "");

    public ParameterBindingException MissingMandatoryParameter(IEnumerable<ParameterDescription> missing) =>
        Make($"Cannot process command because of one or more missing mandatory parameters: {string.Join(' ', missing.Select(m => m.Name))}.",
        nameof(MissingMandatoryParameter), "");

    public ParameterBindingException ParameterArgumentTransformationError(ParameterDescription parameter, Exception cause) =>
        Make($"Cannot process argument transformation on parameter '{parameter.Name}'. {cause.Message}",
        nameof(ParameterArgumentTransformationError), parameter, cause);

    public ParameterBindingException CannotConvertArgument(ParameterDescription parameter, object? value) =>
        Make($"Cannot convert '{LanguagePrimitives.ConvertTo<string>(value)}' to the type '{parameter.Type}' required by parameter '{parameter.Name}'.", nameof(CannotConvertArgument), parameter);

    public ParameterBindingException CannotConvertArgumentNoMessage(ParameterDescription parameter, Exception cause) =>
        Make($"Cannot bind parameter '{parameter.Name}'. {cause.Message}", nameof(CannotConvertArgumentNoMessage), parameter, cause);

    public ParameterBindingException ParameterArgumentValidationError(ParameterDescription parameter, Exception cause) =>
        Make($"Cannot validate argument on parameter '{parameter.Name}'. {cause.Message}", nameof(ParameterArgumentValidationError), parameter,
        cause);

    public ParameterBindingException ParameterArgumentValidationErrorNullNotAllowed(ParameterDescription parameter) =>
        Make($"Cannot bind argument to parameter '{parameter.Name}' because it is null.", nameof(ParameterArgumentValidationErrorNullNotAllowed),
        parameter);

    public ParameterBindingException ParameterArgumentValidationErrorEmptyStringNotAllowed(ParameterDescription parameter) =>
        Make($"Cannot bind argument to parameter '{parameter.Name}' because it is an empty string.",
        nameof(ParameterArgumentValidationErrorEmptyStringNotAllowed), parameter);

    public ParameterBindingException ParameterArgumentValidationErrorEmptyArrayNotAllowed(ParameterDescription parameter) =>
        Make($"Cannot bind argument to parameter '{parameter.Name}' because it is an empty array.",
        nameof(ParameterArgumentValidationErrorEmptyArrayNotAllowed), parameter);

    public ParameterBindingException ParameterBindingFailed(ParameterDescription parameter, Exception cause) =>
        Make($"Cannot bind parameter '{parameter.Name}' to the target. {cause.Message}", nameof(ParameterBindingFailed), parameter, cause);

    public ParameterBindingException InputObjectNotBound() =>
        Make("The input object cannot be bound to any parameters for the command either because the command does not take pipeline input or the input and its properties do not match any of the parameters that take pipeline input.",
            nameof(InputObjectNotBound), "");

    public ParameterBindingException InputObjectMissingMandatory(IEnumerable<ParameterDescription> missing) =>
        Make($"The input object cannot be bound because it did not contain the information required to bind all mandatory parameters: {string.Join(' ', missing.Select(m => m.Name))}.",
            nameof(InputObjectMissingMandatory), "");

    ParameterBindingException Make(string message, string id, ParameterDescription parameter, Exception? cause = null) =>
        EngineObjects.NewBindingError(message, id, invocation, parameter.Name, parameter.Type, cause);

    ParameterBindingException Make(string message, string id, string parameter) => EngineObjects.NewBindingError(message, id, invocation, parameter);
}
