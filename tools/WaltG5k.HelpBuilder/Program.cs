using WaltG5k.HelpBuilder;

if (args.Length != 2)
{
    Console.Error.WriteLine("Usage: HelpBuilder MARKDOWN_FOLDER OUTPUT_FOLDER");
    return 2;
}
try
{
    foreach ((string name, string text) in HelpFiles.Build(args[0]))
    {
        Directory.CreateDirectory(args[1]);
        File.WriteAllText(Path.Combine(args[1], name), text);
    }
    return 0;
}
catch (HelpFormatException e)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}
