using WaltG5k.BootFs;

return await ServerProgram.RunAsync(args, Console.Out, Console.Error).ConfigureAwait(false);
