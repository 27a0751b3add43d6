using System.Management.Automation;
using WaltG5k.Host.Binding;
using WaltG5k.Host.Engine;

namespace WaltG5k.Host.Terminal;

/// <summary>What the host says about itself and about its commands.</summary>
static class HelpText
{
    public static IEnumerable<string> Overview(CommandTable commands)
    {
        yield return """
            waltg5k: runs pipelines of the WaltG5k cmdlets where PowerShell is not installed.

            Usage:
              waltg5k [-OutputFormat Table|List|Json|Csv] 'PIPELINE'
              waltg5k [-OutputFormat …] -File SCRIPT      pipelines in a file, one per line or separated by ;
              waltg5k [-OutputFormat …] -                 pipelines from standard input
              waltg5k help NAME                           the syntax and the help of one command
              waltg5k --version

            A pipeline is made of commands, parameters, literals, arrays, hashtables, '|' and ';', as in PowerShell:
              waltg5k 'Connect-G5k -Testbed; Get-G5kNode -Site nancy | Select-Object -First 3'

            The environment variable WALTG5K_CONNECT may hold a pipeline, such as 'Connect-G5k -Testbed', that is run first when the
            text has no Connect-G5k. Exit status: 0, 1 when an error was written, 2 for a mistake in the text, 130 when interrupted.

            Commands:
            """;
        foreach (string name in commands.Names) yield return $"  {name}";
    }

    public static IEnumerable<string> Of(CommandDescription command, string? page)
    {
        yield return command.Name;
        yield return "";
        for (int set = 0; set < command.SetNames.Count; set++) yield return Syntax(command, set);
        string[] aliases = [.. command.Type.GetCustomAttributes(typeof(AliasAttribute), false).Cast<AliasAttribute>().SelectMany(a => a.AliasNames)];
        if (aliases.Length > 0) yield return $"Aliases: {string.Join(", ", aliases)}";
        if (page is null) yield break;
        yield return "";
        yield return page;
    }

    static string Syntax(CommandDescription command, int set)
    {
        IEnumerable<string> parameters =
            from parameter in command.Parameters
            let declaration = parameter.In(set)
            where declaration is { DontShow: false }
                && (!parameter.IsCommon || parameter.Name is nameof(CommonParameters.WhatIf) or nameof(CommonParameters.Confirm))
            orderby parameter.IsCommon, declaration.Position == int.MinValue ? int.MaxValue : declaration.Position, !declaration.Mandatory
            select One(parameter, declaration);
        return string.Join(' ', parameters.Prepend(command.Name).Append("[<CommonParameters>]"));
    }

    static string One(ParameterDescription parameter, ParameterAttribute declaration)
    {
        string name = declaration.Position == int.MinValue ? $"-{parameter.Name}" : $"[-{parameter.Name}]";
        Type type = Nullable.GetUnderlyingType(parameter.Type) ?? parameter.Type;
        string text = type == typeof(SwitchParameter) ? name : $"{name} <{TypeName(type)}>";
        return declaration.Mandatory ? text : $"[{text}]";
    }

    static string TypeName(Type type) => type.IsArray
        ? $"{TypeName(type.GetElementType()!)}[]"
        : type == typeof(int) ? "int" : type == typeof(string) ? "string" : type.Name.Split('`')[0];
}
