namespace Culverin.Harness.Withdrawals.Status;

/// <summary>
/// By which rules a portal takes games for worth something; they changed between its versions. Asked of the
/// contracts 3.10.0 and 4.6.0; those of 3.12 to 3.14 are from the public source (ethereum-optimism/optimism).
/// Whatever they say, the portal's own checkWithdrawal has the last word.
/// </summary>
internal enum PortalRules
{
    /// <summary>
    /// 3.0 to 3.11: the game's type must be the respected one now, and the game not older than the last
    /// change of that.
    /// </summary>
    RespectedNow = 1,

    /// <summary>
    /// 3.12 on: the game's type must have been the respected one at its creation, and the game younger than
    /// the retirement of games; to prove on it, its type must be the respected one now, too.
    /// </summary>
    RespectedAtCreation = 2,

    /// <summary>
    /// 4 on: the anchor registry decides. A change of the respected type spoils neither games nor proofs.
    /// </summary>
    Registry = 3,
}
