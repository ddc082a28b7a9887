using System.Numerics;
using Culverin.Harness.Disputes.Games;
using Culverin.Harness.Values;

namespace Culverin.Harness.Scenarios.Rules;

/// <summary>
/// The toy machine, step by step (source: the contract AlphabetVM): a state is a number and a letter; the
/// first step sets the number to 16 for each block before the disputed one and adds it to the letter, each
/// further one adds 1 to both. A state's hash has the status 1 in its first byte.
/// </summary>
/// <param name="letter">The letter before the first.</param>
public sealed class AlphabetMachine(int letter) : IJudgeMachine
{
    private const int StepsOfBlock = 16;

    /// <inheritdoc/>
    public Task<IReadOnlyList<Bytes32>> StatesAsync(
        Game game, JudgedRun run, IReadOnlyList<UInt128> steps, CancellationToken cancellation)
    {
        List<Bytes32> states = [];
        BigInteger number = 0;
        BigInteger current = letter;
        UInt128 done = 0;
        foreach (UInt128 wanted in steps)
        {
            for (; done < wanted; done++)
            {
                BigInteger added = done == 0 ? (run.Block - 1) * StepsOfBlock : 1;
                number += added;
                current += added;
            }

            byte[] words =
                [.. Bytes32.FromInteger(number).ToArray(), .. Bytes32.FromInteger(current).ToArray()];
            byte[] hash = Bytes32.Keccak256(words).ToArray();
            hash[0] = 1;
            states.Add(new Bytes32(hash));
        }

        return Task.FromResult<IReadOnlyList<Bytes32>>(states);
    }
}
