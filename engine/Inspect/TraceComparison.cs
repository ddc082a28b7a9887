using Culverin.Run;
using Culverin.Trace;

namespace Culverin.Inspect;

/// <summary>What comparing two traces found.</summary>
/// <param name="LastEqualStep">
/// The last step known to have equal states in front of the first difference; null if already the first
/// states differ. Without a difference the last step compared.
/// </param>
/// <param name="FirstUnequalStep">The first step found with different states; null if none was.</param>
/// <param name="ComparedCount">At how many steps hashes were compared.</param>
internal sealed record TraceDifference(ulong? LastEqualStep, ulong? FirstUnequalStep, ulong ComparedCount);

/// <summary>Finds where two traces part.</summary>
/// <remarks>
/// Hashes are compared at all checkpoints of both, and the first stretch with an unequal end is bisected.
/// States that differ and meet again between two checkpoints are seen only where every step is compared.
/// </remarks>
internal sealed class TraceComparison(TraceIndex one, TraceIndex other, CancellationToken cancellation)
{
    private ulong _compared;

    /// <summary>Compares at checkpoints, then bisects.</summary>
    /// <exception cref="CulverinException">
    /// <see cref="ErrorCode.InvalidArgument"/>: they begin at different steps. What running throws.
    /// </exception>
    public TraceDifference Bisect()
    {
        ulong first = CommonStart();
        ulong? equal = null;
        ulong[] steps =
        [
            .. one.CheckpointSteps().Concat(other.CheckpointSteps()).Append(first).Append(End())
                .Distinct().Order(),
        ];
        foreach (ulong step in steps)
        {
            if (AreEqual(step))
            {
                equal = step;
                continue;
            }

            ulong unequal = step;
            while (equal is { } low && unequal - low > 1)
            {
                ulong middle = low + ((unequal - low) / 2);
                if (AreEqual(middle))
                {
                    equal = middle;
                }
                else
                {
                    unequal = middle;
                }
            }

            return new TraceDifference(equal, unequal, _compared);
        }

        return new TraceDifference(equal, null, _compared);
    }

    /// <summary>Compares at every step, up to the first difference.</summary>
    /// <exception cref="CulverinException">As <see cref="Bisect"/>.</exception>
    public TraceDifference CompareEveryStep()
    {
        ulong first = CommonStart();
        ulong end = End();
        Machine machine = one.MoveTo(first, cancellation);
        Machine otherMachine = other.MoveTo(first, cancellation);
        ulong? equal = null;
        for (ulong step = first; ; step++)
        {
            cancellation.ThrowIfStopped(step);
            _compared++;
            if (!machine.StateHash().AsSpan().SequenceEqual(otherMachine.StateHash()))
            {
                return new TraceDifference(equal, step, _compared);
            }

            equal = step;
            if (step == end)
            {
                return new TraceDifference(equal, null, _compared);
            }

            machine.ExecuteStep();
            otherMachine.ExecuteStep();
        }
    }

    private ulong CommonStart()
    {
        ulong first = one.Describe().FirstStep;
        ulong otherFirst = other.Describe().FirstStep;
        return first == otherFirst
            ? first
            : throw new CulverinException(
                ErrorCode.InvalidArgument,
                $"One trace begins at step {first}, the other at step {otherFirst}.");
    }

    private ulong End() => Math.Max(one.Describe().LastStep, other.Describe().LastStep);

    private bool AreEqual(ulong step)
    {
        _compared++;
        return one.HashAt(step, cancellation).AsSpan().SequenceEqual(other.HashAt(step, cancellation));
    }
}
