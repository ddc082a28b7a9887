using Culverin.Harness.Values;


namespace Culverin.Harness.Report.Stories;

/// <summary>What a story tells of a transaction.</summary>
/// <param name="Hash">Its hash.</param>
/// <param name="BlockNumber">Its block.</param>
/// <param name="Gas">Gas that it used.</param>
public sealed record TransactionFacts(Bytes32 Hash, ulong BlockNumber, ulong Gas)
{
    /// <summary>Those of a receipt.</summary>
    public static TransactionFacts Of(TransactionReceipt receipt) =>
        new(receipt.Hash, receipt.BlockNumber, receipt.GasUsed);
}
