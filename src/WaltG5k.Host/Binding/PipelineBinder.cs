using System.Management.Automation;
using WaltG5k.Automation;

namespace WaltG5k.Host.Binding;

/// <summary>
/// Binds each object of the pipeline in PowerShell's order: by value as it is, by property name as it is, by value converted, by property name
/// converted; in each step the default parameter set first. What one object bound is undone before the next.
/// </summary>
sealed class PipelineBinder(ParameterBinder binder)
{
    static readonly (bool ByName, bool Coerce)[] s_steps = [(false, false), (true, false), (false, true), (true, true)];

    readonly uint _setsBefore = binder.ValidSets;
    readonly Dictionary<ParameterDescription, object?> _defaults = [];
    readonly List<ParameterDescription> _boundNow = [];
    ParameterBindingException? _refusal;

    readonly ParameterDescription[] _takers = [.. binder.Command.Parameters.Where(p => !binder.IsBound(p) && p.TakesPipeline(binder.ValidSets))];

    /// <exception cref="ParameterBindingException">The object does not fit; the next one may.</exception>
    public void Bind(object? input)
    {
        Undo();
        bool any = false;
        _refusal = null;
        foreach ((bool byName, bool coerce) in s_steps)
            any |= BindStep(input, byName, coerce);
        if (!any) throw _refusal ?? binder.Errors.InputObjectNotBound();
        uint chosen = binder.Choose();
        if (chosen == 0) throw _refusal ?? binder.Errors.InputObjectMissingMandatory(binder.Missing(binder.Preferred(binder.ValidSets)));
        binder.NameSet(chosen);
    }

    void Undo()
    {
        foreach (ParameterDescription parameter in _boundNow)
        {
            parameter.Set(binder.Values.OwnerOf(parameter), _defaults[parameter]);
            binder.Forget(parameter);
        }
        _boundNow.Clear();
        binder.ValidSets = _setsBefore;
    }

    bool BindStep(object? input, bool byName, bool coerce)
    {
        uint preferred = binder.ValidSets & binder.Command.DefaultSet;
        return (preferred != 0 && BindIn(preferred, input, byName, coerce)) || BindIn(binder.ValidSets & ~preferred, input, byName, coerce);
    }

    bool BindIn(uint sets, object? input, bool byName, bool coerce)
    {
        bool any = false;
        foreach (ParameterDescription parameter in _takers)
        {
            // An earlier parameter of this step may have ruled the set out.
            uint still = sets & binder.ValidSets;
            if (still == 0 || binder.IsBound(parameter)) continue;
            if (!parameter.Any(still, d => byName ? d.ValueFromPipelineByPropertyName : d.ValueFromPipeline)) continue;
            object? value = input;
            if (byName && !TryProperty(input, parameter, out value)) continue;
            any |= TryBind(parameter, value, coerce);
        }
        return any;
    }

    bool TryBind(ParameterDescription parameter, object? value, bool coerce)
    {
        if (!_defaults.ContainsKey(parameter)) _defaults[parameter] = parameter.Get(binder.Values.OwnerOf(parameter));
        try
        {
            if (!binder.Bind(parameter, value, coerce)) return false;
            _boundNow.Add(parameter);
            return true;
        }
        catch (ParameterBindingException e)
        {
            // Another parameter may take the object; if none does, a refused value says more than "not bound". A failed conversion does not.
            if (!e.ErrorId.StartsWith("CannotConvert", StringComparison.Ordinal)) _refusal ??= e;
            return false;
        }
    }

    static bool TryProperty(object? input, ParameterDescription parameter, out object? value)
    {
        value = null;
        if (input is null) return false;
        var members = PSObject.AsPSObject(input).Properties;
        foreach (string name in parameter.Aliases.Prepend(parameter.Name))
        {
            if (members[name] is not { IsGettable: true } property) continue;
            try { value = property.Value; }
            catch (System.Reflection.TargetInvocationException) { return false; } // a property that throws has no value
            return true;
        }
        return false;
    }
}
