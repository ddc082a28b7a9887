using System.Numerics;
using Culverin.Harness.Values;

namespace Culverin.Harness.Arenas;

/// <summary>
/// The parameters of an arena. Production's values are large: the ones here let a whole dispute run in
/// seconds, since the chains' time only moves as told.
/// </summary>
public sealed record ArenaOptions
{
    /// <summary>Wei of an ether.</summary>
    public static BigInteger Ether { get; } = BigInteger.Pow(10, 18);

    /// <summary>The L1 chain's id.</summary>
    public ulong L1ChainId { get; init; } = 900;

    /// <summary>The L2 chain's id.</summary>
    public ulong L2ChainId { get; init; } = 901;

    /// <summary>What the L2 is made by.</summary>
    public ArenaL2 L2 { get; init; } = ArenaL2.LocalNode;

    /// <summary>The time of both chains' first blocks, in seconds since 1970.</summary>
    public ulong Timestamp { get; init; } = 1_760_000_000;

    /// <summary>Seconds between two L1 blocks.</summary>
    public int L1BlockSeconds { get; init; } = 1;

    /// <summary>Seconds between two L2 blocks.</summary>
    public int L2BlockSeconds { get; init; } = 1;

    /// <summary>Blocks of an epoch on both chains: a block is final after two epochs.</summary>
    public int EpochBlocks { get; init; } = 1;

    /// <summary>The machine of both game types.</summary>
    public ArenaMachine Machine { get; init; } = ArenaMachine.Mips;

    /// <summary>
    /// The hash of the machine's first state, which games begin from; byte 0 is the status "unfinished".
    /// </summary>
    public Bytes32 AbsolutePrestate { get; init; } =
        Bytes32.Parse("0x0300000000000000000000000000000000000000000000000000000000000060");

    /// <summary>Depth of the claim tree; production has 73.</summary>
    public int MaxGameDepth { get; init; } = 11;

    /// <summary>Depth of the last claims about output roots; production has 30.</summary>
    public int SplitDepth { get; init; } = 2;

    /// <summary>Seconds of each side's chess clock; production has 302,400.</summary>
    public ulong MaxClockSeconds { get; init; } = 1_200;

    /// <summary>Seconds that a late move leaves at least; production has 10,800.</summary>
    public ulong ClockExtensionSeconds { get; init; } = 30;

    /// <summary>Wei that a root claim costs; both game types.</summary>
    public BigInteger InitialBond { get; init; } = 8 * Ether / 100;

    /// <summary>Seconds from the claim of a bond to its payment; production has 604,800.</summary>
    public ulong BondDelaySeconds { get; init; } = 600;

    /// <summary>Seconds from the proof of a withdrawal to its payment; production has 604,800.</summary>
    public ulong ProofMaturitySeconds { get; init; } = 600;

    /// <summary>Seconds from a game's resolution to payments by it; production has 302,400.</summary>
    public ulong GameFinalitySeconds { get; init; } = 300;

    /// <summary>Bytes of the smallest large pre-image proposal; production has 126,000.</summary>
    public int LargePreimageBytesMin { get; init; } = 10_000;

    /// <summary>Seconds to challenge a large pre-image; production has 86,400.</summary>
    public ulong LargePreimageChallengeSeconds { get; init; } = 600;

    /// <summary>The game type that withdrawals may be proven on at first.</summary>
    public uint RespectedGameType { get; init; } = GameTypes.Fault;

    /// <summary>Gas of an L2 block.</summary>
    public ulong L2GasLimit { get; init; } = 60_000_000;

    /// <summary>
    /// How many L1 blocks after an L2 block's origin its batch may be posted; production has 3,600. Counts
    /// for an L2 that is derived.
    /// </summary>
    public ulong SequencingWindow { get; init; } = 300;

    /// <summary>Wei that each named account owns on both chains.</summary>
    public BigInteger AccountBalance { get; init; } = 1_000_000 * Ether;
}
