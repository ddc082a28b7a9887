namespace Culverin.State;

/// <summary>
/// Page hashes that came with the pages, so that nobody need compute them. Whoever hands them over vouches
/// that they fit: a state hash is worth no more than they are.
/// </summary>
/// <param name="Pages">Page indexes, each once.</param>
/// <param name="Roots">32 bytes per page, in the same order.</param>
internal sealed record PageRoots(ulong[] Pages, byte[] Roots);
