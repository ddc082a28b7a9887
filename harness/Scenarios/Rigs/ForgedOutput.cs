using System.Numerics;
using Culverin.Harness.Rollup;
using Culverin.Harness.Values;
using Culverin.Harness.Withdrawals.Messages;

namespace Culverin.Harness.Scenarios.Rigs;

/// <summary>
/// An output root of a state that never was: all is as it should be, but for the message passer's storage,
/// which holds a withdrawal that nobody made and nothing else. The portal can be shown that withdrawal on it.
/// </summary>
/// <param name="Withdrawal">The withdrawal.</param>
/// <param name="Proof">Its proof, and what the output root consists of.</param>
internal sealed record ForgedOutput(Withdrawal Withdrawal, WithdrawalProof Proof)
{
    private const ulong GasLimit = 100_000;

    // A leaf of the trie that is the root too: the whole path is in it, and it has an even number of digits
    // (Ethereum, hexary trie, hex prefix).
    private const byte WholePath = 0x20;

    // The version of withdrawals in the top two bytes; the number is far beyond any real one.
    private static readonly BigInteger Nonce = (BigInteger.One << 240) + 1_000_000;

    /// <summary>The forged output root.</summary>
    public Bytes32 Root => Proof.Output.Hash;

    /// <summary>Forges from the right output of a block.</summary>
    public static ForgedOutput Make(OutputRoot right, Address thief, BigInteger wei)
    {
        Withdrawal withdrawal = new(Nonce, thief, thief, wei, GasLimit, Array.Empty<byte>());
        byte[] key = Bytes32.Keccak256(withdrawal.Slot.ToArray()).ToArray();
        byte[] leaf = RlpItem.List((byte[])[WholePath, .. key], RlpItem.FromInteger(1)).Encode();
        OutputRoot output = right with { MessagePasserStorageRoot = Bytes32.Keccak256(leaf) };
        return new ForgedOutput(withdrawal, new WithdrawalProof(output, [leaf]));
    }
}
