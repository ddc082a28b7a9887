using Culverin.Harness.Local;
using Culverin.Harness.Rollup;
using Culverin.Harness.Rpc;
using Culverin.Harness.Sending;
using Culverin.Harness.Values;

namespace Culverin.Harness.Arenas;

/// <summary>
/// An L1 and an L2 of one's own with the real contracts of a rollup, ready for withdrawals and disputes.
/// Time moves only as told: each block is a fixed number of seconds after its parent. Both chains make a
/// block for each transaction at once. May be used from several threads at once.
/// </summary>
public interface IArena : IAsyncDisposable
{
    /// <summary>"classic" or "modern".</summary>
    string Name { get; }

    /// <summary>The parameters it was made with.</summary>
    ArenaOptions Options { get; }

    /// <summary>The L1's node.</summary>
    Anvil L1 { get; }

    /// <summary>The L2's node, which makes its blocks.</summary>
    IL2Chain L2 { get; }

    /// <summary>The contracts on L1.</summary>
    L1Contracts Contracts { get; }

    /// <summary>The contracts on L2.</summary>
    L2Contracts Predeploys { get; }

    /// <summary>The accounts.</summary>
    ArenaAccounts Accounts { get; }

    /// <summary>Where the batcher sends the L2's data on L1; nobody's account.</summary>
    Address BatchInbox { get; }

    /// <summary>The number of the L2 block that the anchor registry begins with.</summary>
    ulong AnchorBlock { get; }

    /// <summary>The output after that block.</summary>
    OutputRoot AnchorOutput { get; }

    /// <summary>The guardian: a Safe that needs three of its four owners.</summary>
    MultiSignature Council { get; }

    /// <summary>The module by which the deputy acts for the guardian.</summary>
    Contract DeputyModule { get; }

    /// <summary>The arena as it was when it was ready.</summary>
    ArenaSnapshot Beginning { get; }

    /// <summary>The one sender of an account on L1.</summary>
    TransactionSender OnL1(ArenaAccount account);

    /// <summary>The one sender of an account on L2.</summary>
    TransactionSender OnL2(ArenaAccount account);

    /// <summary>Remembers both chains as they are.</summary>
    Task<ArenaSnapshot> SnapshotAsync(CancellationToken cancellation = default);

    /// <summary>Goes back to a snapshot on both chains; later ones are gone.</summary>
    Task RevertAsync(ArenaSnapshot snapshot, CancellationToken cancellation = default);

    /// <summary>Pauses the system as the deputy guardian.</summary>
    Task PauseAsync(CancellationToken cancellation = default);

    /// <summary>Ends the pause as the deputy guardian.</summary>
    Task UnpauseAsync(CancellationToken cancellation = default);

    /// <summary>Makes a game worthless for withdrawals as the deputy guardian.</summary>
    Task BlacklistAsync(Address game, CancellationToken cancellation = default);

    /// <summary>Changes the game type that withdrawals are proven on as the deputy guardian.</summary>
    Task SetRespectedGameTypeAsync(uint gameType, CancellationToken cancellation = default);
}
