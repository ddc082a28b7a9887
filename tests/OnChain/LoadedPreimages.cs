using System;
using System.Collections.Generic;
using System.Threading.Tasks;
using Culverin.Harness.Arenas;
using Culverin.Harness.Chain;
using Culverin.Harness.Tests;
using Culverin.Prove;

namespace Culverin.OnChain.Tests;

/// <summary>
/// Puts the pre-image parts that steps read into the contract's oracle, each once, and remembers them: the
/// twin is given whatever part of the oracle's a state points to.
/// </summary>
internal sealed class LoadedPreimages(StepArena arena)
{
    private readonly Dictionary<(Bytes32 Key, uint Offset), OracleData> _parts = [];

    /// <summary>How many parts the oracle holds.</summary>
    public int Count => _parts.Count;

    /// <summary>Loads the parts that these proofs read and that were not loaded before.</summary>
    public Task LoadAsync(IEnumerable<StepProof> proofs)
    {
        List<PreimagePart> parts = [];
        foreach (StepProof proof in proofs)
        {
            if (proof.Oracle is { } data
                && _parts.TryAdd((new Bytes32(data.Key), (uint)data.Offset), data))
            {
                parts.Add(new PreimagePart(new Bytes32(data.Key), data.Value, (uint)data.Offset));
            }
        }

        return arena.LoadPreimagesAsync(parts);
    }

    /// <summary>The part that the state would read; null if the oracle does not hold it.</summary>
    public OracleData? PartOf(MachineWitness state)
    {
        ReadOnlySpan<byte> key = state.Bytes.AsSpan(MachineWitness.PreimageKeyOffset, Bytes32.SizeBytes);
        uint offset = MachineWitness.ReadWord(state.Bytes, MachineWitness.PreimageOffsetOffset);
        return _parts.GetValueOrDefault((new Bytes32(key), offset));
    }
}
