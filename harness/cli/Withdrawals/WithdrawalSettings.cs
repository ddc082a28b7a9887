using Culverin.Harness.Values;

namespace Culverin.Harness.Cli.Withdrawals;

/// <summary>The flags that all withdrawal verbs share.</summary>
/// <param name="L1">The L1's node.</param>
/// <param name="L2">The L2's node.</param>
/// <param name="Portal">The portal on L1.</param>
/// <param name="Account">The account that sends transactions on L1.</param>
internal sealed record WithdrawalSettings(Uri L1, Uri L2, Address Portal, AccountSettings Account);
