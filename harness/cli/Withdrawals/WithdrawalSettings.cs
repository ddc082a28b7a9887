using System;
using Culverin.Harness.Chain;

namespace Culverin.Harness.Cli.Withdrawals;

/// <summary>The flags that all withdrawal verbs share.</summary>
/// <param name="L1">The L1's node.</param>
/// <param name="L2">The L2's node.</param>
/// <param name="Portal">The portal on L1.</param>
/// <param name="Sender">The account that sends transactions on L1; null where none is sent.</param>
/// <param name="KeyFile">A file with the account's key in hexadecimal; null for other signers.</param>
/// <param name="Signer">A remote signer; null lets the L1's node sign.</param>
internal sealed record WithdrawalSettings(
    Uri L1, Uri L2, Address Portal, Address? Sender, string? KeyFile, Uri? Signer);
