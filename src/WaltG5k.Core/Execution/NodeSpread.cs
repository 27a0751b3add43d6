namespace WaltG5k.Core.Execution;

/// <summary>Which way a command takes to its targets.</summary>
public enum NodeSpread
{
    /// <summary>
    /// By TakTuk, as with <see cref="TakTuk"/>, from 1000 targets of a site on where its front-end has it and it can carry the command; else
    /// directly.
    /// </summary>
    Automatic,
    /// <summary>By ssh from us, through the front-end's gate, over connections that stay open.</summary>
    Direct,
    /// <summary>By one TakTuk on the front-end, which connects to every target itself: only outputs come back to us. Targets need Perl.</summary>
    TakTuk,
    /// <summary>By TakTuk as a tree, in which targets connect to further ones: they must be able to log in to each other.</summary>
    TakTukTree,
}
