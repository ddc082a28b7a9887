using Culverin.Harness.Local;
using Culverin.Harness.Values;

namespace Culverin.Harness.Arenas;

/// <summary>Starts arenas of one kind. May be used from several threads at once.</summary>
public interface IArenaStarter
{
    /// <summary>The kind: <see cref="IArena.Name"/> of all that it starts.</summary>
    string Name { get; }

    /// <summary>
    /// Starts both chains with the contracts on them. Throws <see cref="ChainException"/> when that fails;
    /// no process is left then.
    /// </summary>
    Task<IArena> StartAsync(NodePackages packages, ArenaOptions options, CancellationToken cancellation);
}
