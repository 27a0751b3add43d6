namespace System.Management.Automation.Language;

/// <summary>A completer is handed the command being typed; nothing is typed at the host, so it is only a name here.</summary>
public abstract class Ast
{
    internal Ast() { }
}

public abstract class StatementAst : Ast
{
    internal StatementAst() { }
}

public abstract class CommandBaseAst : StatementAst
{
    internal CommandBaseAst() { }
}

public class CommandAst : CommandBaseAst
{
    internal CommandAst() { }
}
