namespace WaltG5k.Core.Frontends.Processes;

/// <summary>Looks at each line of a process before it is kept and handed on.</summary>
interface ILineFilter
{
    /// <summary>False: the line is none of the command's. Both may be changed. Calls come one at a time.</summary>
    bool Pass(ref string text, ref bool endsLine, bool isError);
}
