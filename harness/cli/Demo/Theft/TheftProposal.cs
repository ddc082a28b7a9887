using System.Numerics;
using Culverin.Harness.Rpc;
using Culverin.Harness.Values;

namespace Culverin.Harness.Cli.Demo.Theft;

/// <summary>A proposal of the story.</summary>
/// <param name="Name">What a reader knows it by.</param>
/// <param name="Game">Its game.</param>
/// <param name="Index">The factory's number of it.</param>
/// <param name="BlockNumber">The L2 block that it is for.</param>
/// <param name="Creation">The transaction that made it.</param>
/// <param name="CreatedAt">When, in seconds since 1970.</param>
/// <param name="BondWei">The root claim's bond.</param>
internal sealed record TheftProposal(
    string Name,
    Contract Game,
    ulong Index,
    ulong BlockNumber,
    TransactionReceipt Creation,
    ulong CreatedAt,
    BigInteger BondWei);
