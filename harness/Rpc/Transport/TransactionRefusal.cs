namespace Culverin.Harness.Rpc.Transport;

/// <summary>Why a node does not take a transaction. Nodes say it in words only.</summary>
public enum TransactionRefusal
{
    /// <summary>Something else.</summary>
    Other,

    /// <summary>It has the very transaction.</summary>
    AlreadyKnown,

    /// <summary>The number was used in a block.</summary>
    NonceTooLow,

    /// <summary>
    /// One of the same number waits and the fee is not enough above its, or the fee is too low at all.
    /// </summary>
    Underpriced,

    /// <summary>The account cannot pay for value and gas.</summary>
    InsufficientFunds,
}

/// <summary>Reads the words of the nodes in use.</summary>
internal static class TransactionRefusals
{
    private static readonly (string Words, TransactionRefusal Refusal)[] Known =
    [
        ("already known", TransactionRefusal.AlreadyKnown),
        ("already imported", TransactionRefusal.AlreadyKnown),
        ("nonce too low", TransactionRefusal.NonceTooLow),
        ("underpriced", TransactionRefusal.Underpriced),
        ("max fee per gas less than block base fee", TransactionRefusal.Underpriced),
        ("fee cap less than block base fee", TransactionRefusal.Underpriced),
        ("insufficient funds", TransactionRefusal.InsufficientFunds),
    ];

    internal static TransactionRefusal Of(JsonRpcError error) => Known
        .Where(entry => error.Message.Contains(entry.Words, StringComparison.OrdinalIgnoreCase))
        .Select(entry => entry.Refusal)
        .FirstOrDefault();
}
