namespace WaltG5k.BootFs;

/// <summary>What the client serves on its machine: where reads come from and go to.</summary>
interface IFront : IDisposable
{
    /// <summary>The file to wait on for reads; -1 when there is none.</summary>
    int File { get; }
    bool IsOver { get; }

    /// <summary>The image is known: from here on reads may come.</summary>
    void Begin(ImageShape shape);

    /// <summary>Something is there to be read from <see cref="File"/>.</summary>
    void Receive(RootClient client);

    /// <summary>A read is done.</summary>
    void Complete(CompletedRead read);

    /// <summary>Called in each round, for fronts that order reads by themselves.</summary>
    void Step(RootClient client);
}
