namespace Culverin.State;

/// <summary>
/// What is known of one page of guest memory; a byte, so that fast paths test it with one compare.
/// </summary>
[Flags]
internal enum PageFlags : byte
{
    /// <summary>Never written: reads as zeros and is in no state file.</summary>
    None = 0,

    /// <summary>In the page set: it was loaded or written at least once.</summary>
    Present = 1,

    /// <summary>
    /// Everybody who must know of writes knows of one: a further store needs no notice. Cleared with every
    /// reason to take notice again, of which <see cref="Hashed"/> and <see cref="Saved"/> name two.
    /// </summary>
    Dirty = 2,

    /// <summary>Holds instructions that were decoded or translated.</summary>
    Code = 4,

    /// <summary>
    /// Holds the word of a load-linked reservation that the fast path must not end unnoticed.
    /// </summary>
    Reserved = 8,

    /// <summary>Not written since the page tree last took it in; never together with Dirty.</summary>
    Hashed = 16,

    /// <summary>Not written since the last checkpoint; never together with Dirty.</summary>
    Saved = 32,

    /// <summary>Holds words whose writes somebody watches: stores go the slow way.</summary>
    Watched = 64,
}
