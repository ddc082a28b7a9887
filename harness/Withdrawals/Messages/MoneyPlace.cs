namespace Culverin.Harness.Withdrawals.Messages;

/// <summary>Where on L1 the money of a withdrawal is; the numbers are stable.</summary>
public enum MoneyPlace
{
    /// <summary>There is none: a message without ether or tokens.</summary>
    None = 0,

    /// <summary>The ether is the portal's.</summary>
    Portal = 1,

    /// <summary>The ether is the messenger's, which can deliver it again.</summary>
    Messenger = 2,

    /// <summary>The tokens are the bridge's.</summary>
    Bridge = 3,

    /// <summary>The target or the bridge's receiver got it.</summary>
    Target = 4,

    /// <summary>The portal has executed the withdrawal; with what success cannot be found out.</summary>
    Unknown = 5,
}
