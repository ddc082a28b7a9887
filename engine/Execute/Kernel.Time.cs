using System.Runtime.CompilerServices;

namespace Culverin.Execute;

/// <content>Time and randomness, both functions of the step counter.</content>
internal sealed partial class Kernel<TWord, TAccess>
{
    private const ulong StepsPerSecond = 10_000_000;
    private const ulong NanosecondsPerStep = 100;
    private const uint RealTimeClock = 0;
    private const uint MonotonicClock = 1;

    private bool ClockGettime(ref StatePort<TWord, TAccess> port, TWord clock, TWord address)
    {
        if (clock != TWord.CreateTruncating(RealTimeClock) && clock != TWord.CreateTruncating(MonotonicClock))
        {
            return Fail(ref port, Errno.InvalidArgument);
        }

        ulong step = clock == TWord.CreateTruncating(MonotonicClock) ? port.State.Step + 1 : 0;
        TWord seconds = StatePort<TWord, TAccess>.WordAddress(address);
        TWord nanoseconds = unchecked(seconds + TWord.CreateTruncating(Unsafe.SizeOf<TWord>()));
        _ = port.Access.LoadWord(seconds);
        port.StoreWord(seconds, TWord.CreateTruncating(step / StepsPerSecond));
        _ = port.Access.LoadWord(nanoseconds);
        port.StoreWord(nanoseconds, TWord.CreateTruncating(step % StepsPerSecond * NanosecondsPerStep));
        return Succeed(ref port, TWord.Zero);
    }

    // Bytes of the word keep their positions: byte i of the random word replaces byte i in memory.
    private static bool Getrandom(ref StatePort<TWord, TAccess> port, TWord address, TWord count)
    {
        int wordSizeBytes = Unsafe.SizeOf<TWord>();
        TWord wordAddress = StatePort<TWord, TAccess>.WordAddress(address);
        int start = StatePort<TWord, TAccess>.ByteInWord(address);
        int copied = int.CreateTruncating(TWord.Min(count, TWord.CreateTruncating(wordSizeBytes - start)));
        Span<byte> bytes = stackalloc byte[wordSizeBytes];
        Span<byte> random = stackalloc byte[wordSizeBytes];
        _ = port.Access.LoadWord(wordAddress).WriteBigEndian(bytes);
        _ = TWord.CreateTruncating(SplitMix64(port.State.Step + 1)).WriteBigEndian(random);
        random.Slice(start, copied).CopyTo(bytes[start..]);
        port.StoreWord(wordAddress, TWord.ReadBigEndian(bytes, isUnsigned: true));
        return Succeed(ref port, TWord.CreateTruncating(copied));
    }

    private static ulong SplitMix64(ulong seed)
    {
        ulong mixed = seed + 0x9E37_79B9_7F4A_7C15;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58_476D_1CE4_E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D0_49BB_1331_11EB;
        return mixed ^ (mixed >> 31);
    }
}
