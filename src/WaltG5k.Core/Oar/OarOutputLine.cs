namespace WaltG5k.Core.Oar;

/// <summary>A line that a job's command printed. As text it is the line itself.</summary>
public sealed record OarOutputLine(string Site, long JobId, OarOutputStream Stream, string Text)
{
    public override string ToString() => Text;
}
