using System.Buffers.Binary;
using System.Numerics;
using Culverin.Harness.Disputes.Games;
using Culverin.Harness.Values;
using Culverin.Oracle;

namespace Culverin.Harness.Disputes.Traces.Alphabet;

/// <summary>
/// The states of the contracts' toy machine: a state is a step number and a letter, both of which a step
/// raises by one. The numbers begin at 16 for each L2 block before the disputed one. All states have the
/// status "invalid".
/// </summary>
public sealed class AlphabetTrace : IStateTrace
{
    private const byte InvalidStatus = 1;
    private const int StepsPerBlock = 16;

    // The local key under which the machine reads the disputed block's number.
    private const ulong BlockNumberKey = 4;

    private readonly Bytes32 _prestateHash;
    private readonly BigInteger _letter;
    private readonly ulong _disputedBlock;

    /// <summary>The run about an L2 block.</summary>
    /// <param name="letter">The absolute prestate: a word, the letter before the first.</param>
    /// <param name="disputedBlock">
    /// Number of the disputed L2 block as the game states it; only its low 32 bits count.
    /// </param>
    public AlphabetTrace(BigInteger letter, ulong disputedBlock)
    {
        _letter = letter;
        _disputedBlock = disputedBlock;
        _prestateHash = PrestateHash(letter);
    }

    /// <summary>The absolute prestate that a game of this letter is made with.</summary>
    public static Bytes32 PrestateHash(BigInteger letter) =>
        WithStatus(Bytes32.Keccak256(Bytes32.FromInteger(letter).ToArray()));

    /// <inheritdoc/>
    public Task<Bytes32> PrestateAsync(CancellationToken cancellation = default) =>
        Task.FromResult(_prestateHash);

    /// <inheritdoc/>
    public Task<Bytes32> ClaimAtAsync(UInt128 traceIndex, CancellationToken cancellation = default) =>
        Task.FromResult(WithStatus(Bytes32.Keccak256(StateAfter(traceIndex))));

    /// <inheritdoc/>
    public Task<StepData> StepAsync(UInt128 traceIndex, CancellationToken cancellation = default)
    {
        if (traceIndex > 0)
        {
            return Task.FromResult(new StepData(StateAfter(traceIndex - 1), default, null));
        }

        byte[] value = new byte[2 * sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(value, sizeof(ulong));
        BinaryPrimitives.WriteUInt64BigEndian(value.AsSpan(sizeof(ulong)), _disputedBlock);
        byte[] key = Bytes32.FromInteger(BlockNumberKey).ToArray();
        key[0] = (byte)PreimageKeyType.Local;
        return Task.FromResult(new StepData(
            Bytes32.FromInteger(_letter).ToArray(),
            default,
            new PreimageNeed(new Bytes32(key), value, 0)));
    }

    private static Bytes32 WithStatus(Bytes32 hash)
    {
        byte[] bytes = hash.ToArray();
        bytes[0] = InvalidStatus;
        return new Bytes32(bytes);
    }

    private byte[] StateAfter(UInt128 traceIndex)
    {
        BigInteger number = ((BigInteger)((uint)_disputedBlock - 1) * StepsPerBlock) + (BigInteger)traceIndex;
        return
        [
            .. Bytes32.FromInteger(number).ToArray(), .. Bytes32.FromInteger(_letter + number).ToArray(),
        ];
    }
}
