using Culverin.State;
using Culverin.Tests.Shared;
using Culverin.Versions;

namespace Culverin.OnChain.Tests;

/// <summary>
/// Random states whose next step has to do with threads: a call that starts, ends, switches or puts one to
/// sleep, a turn that is over, a thread that has ended, a reservation that holds or is broken.
/// </summary>
/// <remarks>The seed decides everything; tests print it.</remarks>
internal sealed class RandomThreadedSteps(int seed)
{
    private const uint Syscall = 0x0000_000C;
    private const uint CloneFlags = 0x50F00;
    private const ulong WordMask = ~7UL;
    private const int BaseRegister = 8;
    private const int ValueRegister = 9;

    // clone, exit, exit_group, futex, sched_yield, nanosleep, gettid, clock_gettime, getrandom.
    private static readonly ulong[] Calls = [5055, 5058, 5205, 5194, 5023, 5034, 5178, 5222, 5313];

    // ll, sc, lld, scd; sb, sh, sw, sd, swl, swr, sdl, sdr.
    private static readonly uint[] Accesses =
        [0x30, 0x38, 0x34, 0x3C, 0x30, 0x38, 0x34, 0x3C, 0x28, 0x29, 0x2B, 0x3F, 0x2A, 0x2E, 0x2C, 0x2D];

    private readonly Random _random = new(seed);

    /// <summary>A machine image ready for one step; the caller disposes it.</summary>
    public MachineImage<ulong> Next()
    {
        var image = (MachineImage<ulong>)new RandomSteps(seed, StateVersion.MultiThreaded64V5)
        {
            ReadsPreimages = false,
        }.Next();
        ThreadTable<ulong> threads = image.State.Threads!;
        if (_random.Next(8) != 0)
        {
            threads.StepsSinceLastContextSwitch = (ulong)_random.Next(100_000);
        }

        uint instruction = Syscall;
        if (_random.Next(3) == 0)
        {
            instruction = SetUpAccess(image, threads);
        }
        else
        {
            SetUpCall(image);
        }

        ulong counter = image.ProgramCounter & ~3UL;
        image.Memory.WriteUInt32(counter, instruction);
        threads.SaveActive();
        return image;
    }

    private uint SetUpAccess(MachineImage<ulong> image, ThreadTable<ulong> threads)
    {
        uint opcode = Accesses[_random.Next(Accesses.Length)];
        ulong address = Address();
        bool isDoubleword = opcode is 0x34 or 0x3C or 0x3F or 0x2C or 0x2D;
        if (_random.Next(2) == 0)
        {
            address &= isDoubleword ? WordMask : ~3UL;
        }

        short offset = (short)_random.Next(short.MinValue, short.MaxValue);
        image.SetRegisters(BaseRegister, unchecked(address - (ulong)offset));
        image.SetRegisters(ValueRegister, (ulong)_random.NextInt64(long.MinValue, long.MaxValue));
        Fill(image, address);
        threads.Reservation =
            (ReservationStatus)(_random.Next(4) == 0 ? _random.Next(3) : isDoubleword ? 2 : 1);
        bool isReserved = threads.Reservation != ReservationStatus.None;
        ulong reserved = _random.Next(4) == 0 ? address ^ (ulong)_random.Next(16) : address;
        threads.ReservedAddress = isReserved ? reserved : 0;
        ulong owner = _random.Next(4) == 0 ? threads.NextThreadId - 1 : threads.Active.Id;
        threads.ReservationOwner = isReserved ? owner : 0;
        return (opcode << 26) | (BaseRegister << 21) | (ValueRegister << 16) | (ushort)offset;
    }

    private void SetUpCall(MachineImage<ulong> image)
    {
        ulong number = Calls[_random.Next(Calls.Length)];
        ulong address = Address();
        Fill(image, address);
        Fill(image, unchecked((address & WordMask) + 8));
        (ulong first, ulong second, ulong third) = number switch
        {
            5055 => (CloneFlags ^ (_random.Next(6) == 0 ? 1UL << _random.Next(64) : 0), address, 0UL),
            5194 => Futex(image, address),
            5222 => ((ulong)_random.Next(_random.Next(4) == 0 ? 5 : 2), address, 0UL),
            5313 => (address, _random.Next(6) == 0 ? ulong.MaxValue : (ulong)_random.Next(12), 0UL),
            _ => ((ulong)_random.Next(_random.Next(2) == 0 ? 3 : 1000), address, 0UL),
        };
        image.SetRegisters(2, number);
        image.SetRegisters(4, first);
        image.SetRegisters(5, second);
        image.SetRegisters(6, third);
        image.SetRegisters(7, _random.Next(2) == 0 ? 0 : (ulong)_random.Next(1000));
        if (_random.Next(2) == 0)
        {
            // The call's own writes may break a reservation.
            ThreadTable<ulong> threads = image.State.Threads!;
            threads.Reservation = (ReservationStatus)_random.Next(1, 3);
            threads.ReservedAddress = unchecked(address + (ulong)_random.Next(-8, 24));
            threads.ReservationOwner = threads.Active.Id;
        }
    }

    private (ulong Address, ulong Operation, ulong Value) Futex(MachineImage<ulong> image, ulong address)
    {
        ulong operation = _random.Next(8) == 0 ? (ulong)_random.Next(140) : 128 + (ulong)_random.Next(2);
        ulong value = image.Memory.ReadUInt32(address & ~3UL);
        value = _random.Next(3) switch
        {
            0 => value ^ (1UL << _random.Next(64)),
            1 => value | 0xFFFF_FFFF_0000_0000,
            _ => value,
        };
        return (address, operation, value);
    }

    private ulong Address() => _random.Next(12) switch
    {
        0 => unchecked(0UL - (ulong)_random.Next(1, 40)),
        1 => (ulong)_random.Next(40),
        2 => 0x1000_0000_0000UL + (ulong)_random.NextInt64(1L << 40),
        _ => 0x0123_4000UL + (ulong)_random.Next(4096),
    };

    private void Fill(MachineImage<ulong> image, ulong address)
    {
        byte[] bytes = new byte[8];
        _random.NextBytes(bytes);
        image.Memory.WriteBytes(address & WordMask, bytes);
    }
}
