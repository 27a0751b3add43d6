using WaltG5k.BootFs;

return ClientProgram.Run(args);
