using Culverin.Harness.Values;


namespace Culverin.Harness.Withdrawals;

/// <summary>
/// The contracts would execute a withdrawal or deliver a message now, and the money would not arrive. Nothing
/// was sent.
/// </summary>
public sealed class RefusedDeliveryException : ChainException
{
    internal RefusedDeliveryException(string reason)
        : base(
            ChainFailure.Reverted,
            $"Nothing was sent, since nobody would be paid and the withdrawal be used up. {reason}")
    {
    }
}
