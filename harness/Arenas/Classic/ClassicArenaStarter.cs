using Culverin.Harness.Local;

namespace Culverin.Harness.Arenas.Classic;

/// <summary>Starts arenas with the contracts of the classic generation.</summary>
public sealed class ClassicArenaStarter : IArenaStarter
{
    /// <inheritdoc/>
    public string Name => ClassicArena.KindName;

    /// <inheritdoc/>
    public async Task<IArena> StartAsync(
        NodePackages packages, ArenaOptions options, CancellationToken cancellation) =>
        await ClassicArena.StartAsync(packages, options, cancellation).ConfigureAwait(false);
}
