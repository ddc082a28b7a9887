using System.Buffers.Binary;
using System.Text;
using Culverin.Harness.Rpc;
using Culverin.Harness.Values;
using Culverin.Oracle;

namespace Culverin.Harness.Host;

/// <summary>
/// Answers the precompiled contracts that the program asks L1 for (pre-image key type 6). A question is the
/// contract's address (20 bytes) and its input, or, as later oracle contracts name it, address, gas (8 bytes,
/// big-endian) and input; the program sends it as the hint <c>l1-precompile</c> or <c>l1-precompile-v2</c>.
/// The answer is the status, 1 or 0, and what the contract returned. Every answer is computed here or by an
/// L1 node at that moment; none is taken from elsewhere.
/// </summary>
public sealed class PrecompileAnswers
{
    private const string HintWithoutGas = "l1-precompile ";
    private const string HintWithGas = "l1-precompile-v2 ";

    // What a call costs before it reaches the contract, for the longest input that a program asks about.
    private const ulong CallOverheadGas = 30_000_000;

    private const int RecoverInputBytes = 128;
    private const byte RecoveryOffset = 27;

    private static readonly Address Recover = Address.Parse("0x0000000000000000000000000000000000000001");

    private readonly Func<CancellationToken, Task<EthereumNode>> _node;

    /// <summary>Uses an L1 node, asked for when the first contract needs one; signatures need none.</summary>
    public PrecompileAnswers(Func<CancellationToken, Task<EthereumNode>> node)
    {
        _node = node;
    }

    /// <summary>
    /// Answers a hint; null when it is about something else. Throws <see cref="ChainException"/> when it is
    /// malformed or the node fails.
    /// </summary>
    /// <returns>The pre-image and its key.</returns>
    public async Task<(Bytes32 Key, byte[] Value)?> AnswerAsync(
        ReadOnlyMemory<byte> hint, CancellationToken cancellation = default)
    {
        string text = Encoding.ASCII.GetString(hint.Span);
        bool namesGas = text.StartsWith(HintWithGas, StringComparison.Ordinal);
        if (!namesGas && !text.StartsWith(HintWithoutGas, StringComparison.Ordinal))
        {
            return null;
        }

        byte[] question = Hex.Parse(text[(namesGas ? HintWithGas : HintWithoutGas).Length..]);
        int inputStart = Address.SizeBytes + (namesGas ? sizeof(ulong) : 0);
        if (question.Length < inputStart)
        {
            throw new ChainException(
                ChainFailure.Encoding,
                $"A question of {question.Length} bytes names no precompiled contract.");
        }

        byte[] key = Bytes32.Keccak256(question).ToArray();
        key[0] = (byte)PreimageKeyType.Precompile;
        Address contract = new(question.AsSpan(0, Address.SizeBytes));
        ulong gas = namesGas ? BinaryPrimitives.ReadUInt64BigEndian(question.AsSpan(Address.SizeBytes)) : 0;
        byte[] value = contract == Recover
            ? RecoverSigner(question.AsSpan(inputStart))
            : await CallAsync(contract, gas, question.AsMemory(inputStart), cancellation)
                .ConfigureAwait(false);
        return (new Bytes32(key), value);
    }

    /// <summary>Recovery of a signer never fails; without a signer it returns nothing.</summary>
    private static byte[] RecoverSigner(ReadOnlySpan<byte> input)
    {
        byte[] words = new byte[RecoverInputBytes];
        input[..Math.Min(input.Length, RecoverInputBytes)].CopyTo(words);
        int v = words[2 * Bytes32.SizeBytes - 1] - RecoveryOffset;
        bool isPossible = words.AsSpan(Bytes32.SizeBytes, Bytes32.SizeBytes - 1).IndexOfAnyExcept((byte)0) < 0
            && v is 0 or 1;
        if (isPossible)
        {
            try
            {
                EcdsaSignature signature = new(
                    new Bytes32(words.AsSpan(2 * Bytes32.SizeBytes, Bytes32.SizeBytes)),
                    new Bytes32(words.AsSpan(3 * Bytes32.SizeBytes)),
                    v);
                byte[] output = new byte[1 + Bytes32.SizeBytes];
                output[0] = 1;
                signature.RecoverSigner(new Bytes32(words.AsSpan(0, Bytes32.SizeBytes)))
                    .CopyTo(output.AsSpan(1 + Bytes32.SizeBytes - Address.SizeBytes));
                return output;
            }
            catch (ChainException error) when (error.Failure == ChainFailure.Signature)
            {
                // The signature belongs to nobody.
            }
        }

        return [1];
    }

    private async Task<byte[]> CallAsync(
        Address contract, ulong gas, ReadOnlyMemory<byte> input, CancellationToken cancellation)
    {
        EthereumNode node = await _node(cancellation).ConfigureAwait(false);
        ulong limit = Math.Min(gas, ulong.MaxValue - CallOverheadGas) + CallOverheadGas;
        CallOutcome outcome = await node.CallPrecompileAsync(contract, input, limit, cancellation)
            .ConfigureAwait(false);
        return outcome.IsReverted ? [0] : [1, .. outcome.Data.Span];
    }
}
