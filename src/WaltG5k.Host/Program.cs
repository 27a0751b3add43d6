using WaltG5k.Host.Terminal;

using var program = new ConsoleProgram();
return program.Run(args);
