using Culverin.Harness.Values;

namespace Culverin.Harness.Withdrawals.Messages;

/// <summary>Whose a withdrawal is, and where its money is, as far as the withdrawal itself tells.</summary>
internal sealed record WithdrawalParties
{
    private WithdrawalParties(Withdrawal withdrawal, MessengerMessage? message)
    {
        Withdrawal = withdrawal;
        Message = message;
        Transfer = message is null ? null : BridgeTransfer.In(message);
    }

    /// <summary>The withdrawal.</summary>
    public Withdrawal Withdrawal { get; }

    /// <summary>The message in it; null when it did not go through the messenger.</summary>
    public MessengerMessage? Message { get; }

    /// <summary>What its message hands over at a bridge; null when it is no bridge's.</summary>
    public BridgeTransfer? Transfer { get; }

    /// <summary>
    /// Who asked for it: the bridge's customer, the messenger's or the message passer's caller. Be it a
    /// contract or a key: not who signed the transaction, who may act for others.
    /// </summary>
    public Address Owner => Transfer?.From ?? Message?.Sender ?? Withdrawal.Sender;

    /// <summary>Who is to get it in the end.</summary>
    public Address Receiver => Transfer?.To ?? Message?.Target ?? Withdrawal.Target;

    /// <summary>Everyone who may have proven it for themselves.</summary>
    public IReadOnlyList<Address> All =>
        [.. new[] { Owner, Receiver, Withdrawal.Sender, Withdrawal.Target }.Distinct()];

    /// <summary>Where the money is before the portal executes the withdrawal.</summary>
    public MoneyPlace Waiting => Transfer is { IsEther: false }
        ? MoneyPlace.Bridge
        : Withdrawal.Value.IsZero ? MoneyPlace.None : MoneyPlace.Portal;

    /// <summary>Where it is when the messenger could not deliver it.</summary>
    public MoneyPlace Undelivered => Waiting == MoneyPlace.Portal ? MoneyPlace.Messenger : Waiting;

    /// <summary>Where it is when all went well.</summary>
    public MoneyPlace Delivered => Waiting == MoneyPlace.None ? MoneyPlace.None : MoneyPlace.Target;

    /// <summary>Those of a withdrawal.</summary>
    public static WithdrawalParties Of(Withdrawal withdrawal, WithdrawalContracts contracts) =>
        new(withdrawal, MessengerMessage.In(withdrawal, contracts.Messenger.Address));
}
