namespace Culverin.Harness.Withdrawals.Status;

/// <summary>What can be done for a withdrawal now; the numbers are stable.</summary>
public enum WithdrawalAction
{
    /// <summary>Nothing is left to do.</summary>
    None = 0,

    /// <summary>Only to wait: for time, a proposal, a resolution or the guardian.</summary>
    Wait = 1,

    /// <summary>Prove it, be it for the first time or again.</summary>
    Prove = 2,

    /// <summary>Pay it out.</summary>
    Finalize = 3,

    /// <summary>Let the messenger deliver its message again.</summary>
    Replay = 4,
}
