using System.Collections;
using System.Management.Automation;
using System.Reflection;
using WaltG5k.Automation;

namespace WaltG5k.Host.Binding;

/// <summary>Gives one parameter one value: transformation, conversion, validation, assignment, in this order.</summary>
sealed class ValueBinder(Cmdlet cmdlet, CommonParameters common, CmdletContext context, BindingErrors errors)
{
    public object OwnerOf(ParameterDescription parameter) => parameter.IsCommon ? common : cmdlet;

    /// <summary>False, with nothing changed, if the value would have to be converted and <paramref name="coerce"/> forbids it.</summary>
    /// <param name="mandatory">A mandatory parameter refuses null and emptiness unless it says otherwise.</param>
    /// <exception cref="ParameterBindingException">The value does not fit.</exception>
    public bool Bind(ParameterDescription parameter, object? value, bool coerce, bool mandatory)
    {
        value = Transform(parameter, value, mandatory);
        if (!coerce && !Fits(value, parameter.Type)) return false;
        value = Convert(parameter, value, mandatory);
        if (mandatory) RefuseNothing(parameter, parameter.Type, value, elements: true);
        Validate(parameter, value);
        Assign(parameter, value);
        context.Invocation.BoundParameters[parameter.Name] = value;
        return true;
    }

    object? Transform(ParameterDescription parameter, object? value, bool mandatory)
    {
        foreach (ArgumentTransformationAttribute transformation in parameter.Transformations)
        {
            if (value is null && !mandatory && !transformation.TransformNullOptionalParameters) continue;
            try { value = transformation.Transform(context.Intrinsics, value); }
            catch (Exception e) when (e is not (PipelineStoppedException or FlowControlException))
            {
                throw errors.ParameterArgumentTransformationError(parameter, e);
            }
        }
        return value;
    }

    void RefuseNothing(ParameterDescription parameter, Type type, object? value, bool elements)
    {
        object? plain = EngineObjects.Unwrap(value);
        if (plain is null && !parameter.AllowsNull) throw errors.ParameterArgumentValidationErrorNullNotAllowed(parameter);
        if (type == typeof(string) && plain is "" && !parameter.AllowsEmptyText)
            throw errors.ParameterArgumentValidationErrorEmptyStringNotAllowed(parameter);
        if (!elements || plain is not ICollection list || plain is IDictionary) return;
        if (list.Count == 0 && !parameter.AllowsEmptyCollection) throw errors.ParameterArgumentValidationErrorEmptyArrayNotAllowed(parameter);
        foreach (object? element in list) RefuseNothing(parameter, type.GetElementType() ?? typeof(object), element, elements: false);
    }

    object? Convert(ParameterDescription parameter, object? value, bool mandatory)
    {
        Type type = parameter.Type;
        if (type == typeof(object)) return EngineObjects.UnwrapElements(value);
        if (value is null && type.IsValueType && Nullable.GetUnderlyingType(type) is null)
            throw mandatory
                ? errors.ParameterArgumentValidationErrorNullNotAllowed(parameter)
                : errors.ParameterBindingFailed(parameter, new PSInvalidCastException($"Cannot convert null to type \"{type}\"."));
        // A cast would join the elements, or take any text for true; in a parameter either is a mistake.
        bool isMistake = type == typeof(string)
            ? value is Array
            : type == typeof(SwitchParameter) && EngineObjects.Unwrap(value) is not (bool or SwitchParameter);
        if (isMistake) throw errors.CannotConvertArgument(parameter, value);
        try { return LanguagePrimitives.ConvertTo(value, type, System.Globalization.CultureInfo.InvariantCulture); }
        catch (PSInvalidCastException e) { throw errors.CannotConvertArgumentNoMessage(parameter, e); }
    }

    void Validate(ParameterDescription parameter, object? value)
    {
        foreach (ValidateArgumentsAttribute validation in parameter.Validations)
        {
            try { CmdletDriver.Validate(validation, value, context.Intrinsics); }
            catch (Exception e) when (e is not (PipelineStoppedException or FlowControlException))
            {
                throw errors.ParameterArgumentValidationError(parameter, e);
            }
        }
    }

    void Assign(ParameterDescription parameter, object? value)
    {
        try { parameter.Set(OwnerOf(parameter), value); }
        catch (TargetInvocationException e) { throw errors.ParameterBindingFailed(parameter, e.InnerException ?? e); }
    }

    /// <summary>Whether the value is of the type already, or is what a collection of the type holds.</summary>
    static bool Fits(object? value, Type type)
    {
        if (type == typeof(object) || type == typeof(PSObject)) return true;
        value = EngineObjects.Unwrap(value);
        if (value is null) return !type.IsValueType || Nullable.GetUnderlyingType(type) is not null;
        Type target = Nullable.GetUnderlyingType(type) ?? type;
        if (target.IsInstanceOfType(value) || (target == typeof(SwitchParameter) && value is bool)) return true;
        if (!target.IsArray || target.GetElementType() is not { } element) return false;
        return value is IEnumerable list and not string ? list.Cast<object?>().All(item => Fits(item, element)) : Fits(value, element);
    }
}
