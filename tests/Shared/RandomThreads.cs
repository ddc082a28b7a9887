using System.Numerics;
using Culverin.State;
using Culverin.Versions;

namespace Culverin.Tests.Shared;

/// <summary>
/// Random thread tables: threads on both stacks that run, wait or have ended, turns about to end, wake-ups
/// under way, reservations that hold or do not.
/// </summary>
/// <typeparam name="TWord">uint or ulong.</typeparam>
internal sealed class RandomThreads<TWord>(Random random, RandomWords<TWord> words, FeatureSet features)
    where TWord : unmanaged, IBinaryInteger<TWord>
{
    private const ulong QuantumSteps = 100_000;

    /// <summary>How a thread that is not the active one looks.</summary>
    /// <param name="Pc">Its program counter.</param>
    /// <param name="Registers">32 words.</param>
    public sealed record Frame(TWord Pc, TWord[] Registers);

    /// <summary>Fills both stacks; the active thread's registers become those of one of the frames.</summary>
    public void FillStacks(MachineImage<TWord> image, int threadsMax, Func<Frame> nextFrame)
    {
        ThreadTable<TWord> threads = image.State.Threads!;
        var left = new ThreadStack<TWord>();
        var right = new ThreadStack<TWord>();
        int count = random.Next(1, threadsMax + 1);
        for (int number = 0; number < count; number++)
        {
            (random.Next(2) == 0 ? left : right).Push(Thread(image, (ulong)number, nextFrame()));
        }

        threads.SetStacks(left, right);
        threads.TraverseRight = left.IsEmpty || (!right.IsEmpty && random.Next(2) == 0);
        threads.NextThreadId = random.Next(16) == 0 ? words.Any() : RandomWords<TWord>.Cut((ulong)count);
        threads.LoadActive();
    }

    /// <summary>A turn that has just begun, is about to end, or should have ended.</summary>
    public ulong StepsInTurn() => random.Next(8) switch
    {
        0 or 1 => QuantumSteps - 2 + (ulong)random.Next(4),
        2 => QuantumSteps + (ulong)random.Next(1 << 20),
        _ => (ulong)random.Next((int)QuantumSteps),
    };

    /// <summary>Whom a wake-up looks for: mostly nobody, else the active thread or anyone.</summary>
    public TWord Wakeup(ThreadTable<TWord> threads) => random.Next(4) switch
    {
        0 => threads.Active.FutexAddress,
        1 => words.DataAddress(),
        _ => TWord.AllBitsSet,
    };

    /// <summary>Reserves an address for the active thread, or nearly so.</summary>
    public void Reserve(ThreadTable<TWord> threads, TWord address)
    {
        if (random.Next(3) == 0)
        {
            return;
        }

        threads.Reservation = (ReservationStatus)(random.Next(16) == 0 ? random.Next(4) : random.Next(1, 3));
        threads.ReservedAddress = random.Next(4) switch
        {
            0 => words.DataAddress(),
            1 => address ^ TWord.CreateTruncating(random.Next(8)),
            _ => address,
        };
        threads.ReservationOwner = random.Next(8) == 0 ? words.Any() : threads.Active.Id;
    }

    private ThreadState<TWord> Thread(MachineImage<TWord> image, ulong id, Frame frame)
    {
        byte[] record = new byte[ThreadRecord.SizeBytes(features)];
        int position = Put(record, 0, RandomWords<TWord>.Cut(id));
        record[position] = (byte)random.Next(4);
        record[position + 1] = random.Next(8) == 0 ? (byte)1 : (byte)0;
        position = record.Length - ((4 + ThreadRecord.RegisterCount) * features.WordSizeBytes);
        position = Put(record, position, frame.Pc);
        position = Put(record, position, unchecked(frame.Pc + TWord.CreateTruncating(4)));
        position = Put(record, position, words.Any());
        position = Put(record, position, words.Any());
        foreach (TWord register in frame.Registers)
        {
            position = Put(record, position, register);
        }

        ThreadState<TWord> thread = ThreadRecord.Read<TWord>(record, features);
        thread.FutexAddress = TWord.AllBitsSet;
        if (features.HasFutexState && random.Next(3) == 0)
        {
            LetWait(thread, image);
        }

        return thread;
    }

    // The value in memory has changed, or not; the time is over, or not.
    private void LetWait(ThreadState<TWord> thread, MachineImage<TWord> image)
    {
        thread.FutexAddress = words.DataAddress();
        byte[] bytes = new byte[features.FutexValueSizeBytes];
        random.NextBytes(bytes);
        ulong aligned = ulong.CreateTruncating(thread.FutexAddress) & ~((ulong)bytes.Length - 1);
        image.Memory.WriteBytes(aligned, bytes);
        Array.Reverse(bytes);
        byte[] value = new byte[sizeof(ulong)];
        bytes.CopyTo(value, 0);
        thread.FutexValue = random.Next(3) == 0 ? (ulong)random.Next(4) : BitConverter.ToUInt64(value);
        ulong step = image.State.Step;
        thread.FutexTimeoutStep = random.Next(3) == 0
            ? ulong.MaxValue
            : unchecked(step + (ulong)random.Next(6) - 2);
    }

    private static int Put(byte[] record, int position, TWord value) =>
        position + value.WriteBigEndian(record.AsSpan(position));
}
