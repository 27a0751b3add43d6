using System.Management.Automation;
using WaltG5k.Automation;
using WaltG5k.Host.Language;

namespace WaltG5k.Host.Binding;

/// <summary>
/// Binds the typed arguments of one command: by name, then by position, then what remains; and knows which parameter sets are left.
/// </summary>
sealed class ParameterBinder
{
    readonly CommandDescription _command;
    readonly CmdletContext _context;
    readonly HashSet<ParameterDescription> _bound = [];
    readonly ParameterDescription[] _mandatory;
    readonly bool _expectsInput;

    public ParameterBinder(CommandDescription command, Cmdlet cmdlet, CommonParameters common, CmdletContext context)
    {
        _command = command;
        _context = context;
        _expectsInput = context.Invocation.ExpectingInput;
        Errors = new BindingErrors(context.Invocation);
        Values = new ValueBinder(cmdlet, common, context, Errors);
        ValidSets = command.AllSets;
        _mandatory = [.. command.Parameters.Where(p => p.Any(command.AllSets, d => d.Mandatory))];
    }

    public BindingErrors Errors { get; }
    public ValueBinder Values { get; }
    public CommandDescription Command => _command;

    /// <summary>The sets that everything bound so far is in, one bit each.</summary>
    public uint ValidSets { get; set; }

    public bool IsBound(ParameterDescription parameter) => _bound.Contains(parameter);

    public void Forget(ParameterDescription parameter)
    {
        _bound.Remove(parameter);
        _context.Invocation.BoundParameters.Remove(parameter.Name);
    }

    /// <exception cref="ParameterBindingException">The arguments do not fit the parameters.</exception>
    public void BindArguments(IReadOnlyList<Argument> arguments)
    {
        List<object?> rest = BindNamed(arguments);
        BindPositional(rest);
        BindRemaining(rest);
        if (rest.Count > 0) throw Errors.PositionalParameterNotFound(rest[0]);
        ResolveBeforeInput();
    }

    /// <summary>The value goes to the parameter, and the sets that lack the parameter go.</summary>
    public bool Bind(ParameterDescription parameter, object? value, bool coerce)
    {
        if ((ValidSets & parameter.Sets) == 0) throw Errors.AmbiguousParameterSet();
        if (!Values.Bind(parameter, value, coerce, parameter.Any(ValidSets, d => d.Mandatory))) return false;
        ValidSets &= parameter.Sets;
        _bound.Add(parameter);
        return true;
    }

    List<object?> BindNamed(IReadOnlyList<Argument> arguments)
    {
        var rest = new List<object?>();
        for (int i = 0; i < arguments.Count; i++)
        {
            Argument argument = arguments[i];
            if (argument.Parameter is null) { rest.Add(argument.Value); continue; }
            ParameterDescription parameter = Find(argument.Parameter);
            if (_bound.Contains(parameter)) throw Errors.ParameterAlreadyBound(parameter);
            object? value = argument.Value;
            if (!argument.HasValue)
            {
                if (parameter.IsSwitch || parameter.Type == typeof(SwitchParameter?)) value = new SwitchParameter(true);
                else if (i + 1 < arguments.Count && arguments[i + 1].Parameter is null) value = arguments[++i].Value;
                else throw Errors.MissingArgument(parameter);
            }
            Bind(parameter, value, coerce: true);
        }
        return rest;
    }

    /// <summary>By its name, by an alias, or by a beginning that no other parameter shares.</summary>
    ParameterDescription Find(string name)
    {
        foreach (ParameterDescription parameter in _command.Parameters)
            if (Names(parameter).Contains(name, StringComparer.OrdinalIgnoreCase)) return parameter;
        ParameterDescription[] matches = Beginning(name, common: false);
        if (matches.Length == 0) matches = Beginning(name, common: true);
        return matches.Length switch
        {
            0 => throw Errors.NamedParameterNotFound(name),
            1 => matches[0],
            _ => throw Errors.AmbiguousParameter(name, matches),
        };
    }

    ParameterDescription[] Beginning(string name, bool common) =>
        [.. _command.Parameters.Where(p => p.IsCommon == common && Names(p).Any(n => n.StartsWith(name, StringComparison.OrdinalIgnoreCase)))];

    static IEnumerable<string> Names(ParameterDescription parameter) => parameter.Aliases.Prepend(parameter.Name);

    void BindPositional(List<object?> rest)
    {
        int position = int.MinValue;
        while (rest.Count > 0 && NextPosition(position) is { } next)
        {
            position = next;
            if (BindAt(position, rest[0])) rest.RemoveAt(0);
        }
    }

    int? NextPosition(int after)
    {
        int? next = null;
        foreach (ParameterDescription parameter in _command.Parameters)
        {
            if (_bound.Contains(parameter)) continue;
            for (int set = 0; set < _command.SetNames.Count; set++)
                if ((ValidSets & (1u << set)) != 0 && parameter.In(set) is { } declaration && !declaration.ValueFromRemainingArguments &&
                    declaration.Position > after && declaration.Position < (next ?? int.MaxValue)) next = declaration.Position;
        }
        return next;
    }

    /// <summary>The default set's parameter first, without conversion before with conversion, as PowerShell does.</summary>
    bool BindAt(int position, object? value)
    {
        uint preferred = ValidSets & _command.DefaultSet;
        List<ParameterDescription> first = At(position, preferred), others = At(position, ValidSets & ~preferred);
        ParameterBindingException? refusal = null;
        foreach ((List<ParameterDescription> candidates, bool coerce) in new[] { (first, false), (others, false), (first, true), (others, true) })
            foreach (ParameterDescription parameter in candidates)
            {
                try { if (Bind(parameter, value, coerce)) return true; }
                catch (ParameterBindingException e) { refusal ??= e; }
            }
        return refusal is null ? false : throw refusal;
    }

    List<ParameterDescription> At(int position, uint sets) =>
        sets == 0 ? [] : [.. _command.Parameters.Where(p => !_bound.Contains(p) && p.Any(sets, d => d.Position == position))];

    void BindRemaining(List<object?> rest)
    {
        if (rest.Count == 0) return;
        ParameterDescription? taker = _command.Parameters.FirstOrDefault(p => !_bound.Contains(p)
            && p.Any(ValidSets, d => d.ValueFromRemainingArguments));
        if (taker is null) return;
        Bind(taker, rest.ToArray(), coerce: true);
        rest.Clear();
    }

    void ResolveBeforeInput()
    {
        if (_expectsInput)
        {
            uint open = 0;
            for (uint set = 1; set != 0 && set <= ValidSets; set <<= 1)
                if ((ValidSets & set) != 0 && Missing(set).TrueForAll(p => p.TakesPipeline(set))) open |= set;
            if (open == 0) throw Errors.MissingMandatoryParameter(Missing(Preferred(ValidSets)).Where(p => !p.TakesPipeline(ValidSets)));
            ValidSets = open;
            NameSet(open);
            return;
        }
        uint chosen = Choose();
        if (chosen == 0)
            throw ((ValidSets & _command.DefaultSet) != 0 || uint.IsPow2(ValidSets)
                ? Errors.MissingMandatoryParameter(Missing(Preferred(ValidSets)))
                : Errors.AmbiguousParameterSet());
        NameSet(chosen);
    }

    /// <summary>
    /// The one set to run with: the default if nothing mandatory is missing, else the only one where nothing is; 0 when there is none.
    /// </summary>
    public uint Choose()
    {
        uint complete = 0;
        for (uint set = 1; set != 0 && set <= ValidSets; set <<= 1)
            if ((ValidSets & set) != 0 && IsComplete(set)) complete |= set;
        if ((complete & _command.DefaultSet) != 0) return _command.DefaultSet;
        if (complete == 0 || uint.IsPow2(complete)) return complete;
        throw Errors.AmbiguousParameterSet();
    }

    public void NameSet(uint sets) => _context.ParameterSetName = _command.SetNames[(int)uint.TrailingZeroCount(Preferred(sets))];

    /// <summary>The default set if it is among <paramref name="sets"/>, else the first.</summary>
    public uint Preferred(uint sets) => (sets & _command.DefaultSet) != 0 ? _command.DefaultSet : sets & (~sets + 1);

    public List<ParameterDescription> Missing(uint set) => [.. _command.Parameters.Where(p => !_bound.Contains(p) && p.Any(set, d => d.Mandatory))];

    /// <summary>Asked for every object of a pipeline: nothing is allocated.</summary>
    bool IsComplete(uint set)
    {
        int index = (int)uint.TrailingZeroCount(set);
        foreach (ParameterDescription parameter in _mandatory)
            if (parameter.In(index) is { Mandatory: true } && !_bound.Contains(parameter)) return false;
        return true;
    }
}
