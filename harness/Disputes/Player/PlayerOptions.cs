using Culverin.Harness.Rpc;
using Culverin.Harness.Values;

namespace Culverin.Harness.Disputes.Player;

/// <summary>What a player does, and what it demands before.</summary>
public sealed record PlayerOptions
{
    /// <summary>Whether it only tells what it would do.</summary>
    public bool IsDryRun { get; init; }

    /// <summary>
    /// Accounts besides the sender's to which it pays out what they won, such as the proposer's.
    /// </summary>
    public IReadOnlyList<Address> CreditAccounts { get; init; } = [];

    /// <summary>
    /// Further nodes of L1, which are asked for each game as well. One that contradicts stops the play.
    /// </summary>
    public IReadOnlyList<EthereumNode> FurtherNodes { get; init; } = [];

    /// <summary>
    /// How many nodes of L1, the first included, must say the same about a game before anything is sent.
    /// </summary>
    public int AgreementCount { get; init; } = 1;

    /// <summary>
    /// Game types that are played although their first state is another one than here: as long as only
    /// output roots are disputed. (A permissioned game has known players, who may run another release.)
    /// </summary>
    public IReadOnlyList<uint> TypesOfAnyPrestate { get; init; } = [Arenas.GameTypes.Permissioned];

    /// <summary>
    /// How far this machine's clock may be from the newest L1 block's time before it is told. Nothing is
    /// ever decided by this machine's clock.
    /// </summary>
    public TimeSpan ClockSkewMax { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How many answers to one claim are resolved in one transaction at most.</summary>
    public int ResolveCountMax { get; init; } = 256;

    /// <summary>Throws <see cref="CulverinException"/> when a number means nothing.</summary>
    internal void Validate()
    {
        if (ResolveCountMax < 1 || AgreementCount < 1 || AgreementCount > FurtherNodes.Count + 1)
        {
            throw new CulverinException(
                ErrorCode.InvalidArgument,
                $"{AgreementCount} of {FurtherNodes.Count + 1} nodes of L1 cannot agree, or "
                    + $"{ResolveCountMax} is no count of claims to resolve.");
        }
    }
}
