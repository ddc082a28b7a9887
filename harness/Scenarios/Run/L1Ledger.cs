using System.Numerics;
using Culverin.Harness.Values;

namespace Culverin.Harness.Scenarios.Run;

/// <summary>
/// What happened on L1 in a scenario: transactions, gas, and every wei of the bonds, as the blocks and the
/// accounts' balances tell it.
/// </summary>
public sealed record L1Ledger
{
    /// <summary>How many transactions are in blocks, reverted ones too.</summary>
    public required int TransactionCount { get; init; }

    /// <summary>The gas they used.</summary>
    public required ulong Gas { get; init; }

    /// <summary>Wei that each account paid for gas.</summary>
    public required IReadOnlyDictionary<Address, BigInteger> Fees { get; init; }

    /// <summary>Wei of bonds that each account put up.</summary>
    public required IReadOnlyDictionary<Address, BigInteger> Paid { get; init; }

    /// <summary>Wei of bonds that each account got.</summary>
    public required IReadOnlyDictionary<Address, BigInteger> Received { get; init; }

    /// <summary>By how many wei the contracts that hold bonds own more than before.</summary>
    public required BigInteger Held { get; init; }

    /// <summary>By how many wei each known account owns more than before.</summary>
    public required IReadOnlyDictionary<Address, BigInteger> Gains { get; init; }

    /// <summary>By how many wei all known accounts together own more than before.</summary>
    public BigInteger Gained => Sum(Gains);

    /// <summary>Wei of all bonds put up.</summary>
    public BigInteger BondsIn => Sum(Paid);

    /// <summary>Wei of all bonds paid back or won.</summary>
    public BigInteger BondsOut => Sum(Received);

    /// <summary>What bonds are missing or too many: zero unless the contracts lost or made wei.</summary>
    public BigInteger BondImbalance => BondsIn - BondsOut - Held;

    /// <summary>Ether that went to nobody known, apart from gas: zero when all is accounted for.</summary>
    public BigInteger EtherImbalance => Gained + Sum(Fees);

    /// <summary>What an account's bonds changed its balance by, gas included.</summary>
    public BigInteger NetOf(Address account) =>
        Received.GetValueOrDefault(account) - Paid.GetValueOrDefault(account) - FeesOf(account);

    /// <summary>Wei that an account paid for gas.</summary>
    public BigInteger FeesOf(Address account) => Fees.GetValueOrDefault(account);

    private static BigInteger Sum(IReadOnlyDictionary<Address, BigInteger> entries) =>
        entries.Values.Aggregate(BigInteger.Zero, (sum, each) => sum + each);
}
