using Culverin.State;

namespace Culverin.OnChain.Tests;

/// <summary>The fields of a machine at rest for words of either size, without pointers.</summary>
internal static unsafe class ImageFields
{
    // SAFETY: in all of them the image owns the native block and is alive during the call.

    public static void SetProgramCounter(this MachineImage image, ulong value)
    {
        if (image is MachineImage<uint> narrow)
        {
            narrow.State.Cpu->Pc = (uint)value;
            narrow.State.Cpu->NextPc = (uint)value + 4;
            return;
        }

        MachineState<ulong> wide = Wide(image);
        wide.Cpu->Pc = value;
        wide.Cpu->NextPc = value + 4;
    }

    public static bool IsInDelaySlot(this MachineImage image) => image is MachineImage<uint> narrow
        ? narrow.State.Cpu->NextPc != narrow.State.Cpu->Pc + 4
        : Wide(image).Cpu->NextPc != Wide(image).Cpu->Pc + 4;

    public static ulong Register(this MachineImage image, int number) => image is MachineImage<uint> narrow
        ? narrow.State.Cpu->Registers[number]
        : Wide(image).Cpu->Registers[number];

    /// <summary>Sets registers: number and value in turn; values are cut to the machine's word.</summary>
    public static void SetRegisters(this MachineImage image, params ReadOnlySpan<ulong> pairs)
    {
        for (int index = 0; index < pairs.Length; index += 2)
        {
            if (image is MachineImage<uint> narrow)
            {
                narrow.State.Cpu->Registers[(int)pairs[index]] = (uint)pairs[index + 1];
            }
            else
            {
                Wide(image).Cpu->Registers[(int)pairs[index]] = pairs[index + 1];
            }
        }
    }

    public static void SetHeap(this MachineImage image, ulong value)
    {
        if (image is MachineImage<uint> narrow)
        {
            narrow.State.Heap = (uint)value;
        }
        else
        {
            Wide(image).Heap = value;
        }
    }

    public static void SetStep(this MachineImage image, ulong value)
    {
        if (image is MachineImage<uint> narrow)
        {
            narrow.State.Step = value;
        }
        else
        {
            Wide(image).Step = value;
        }
    }

    /// <summary>Sets which pre-image the guest reads, and where.</summary>
    public static void SetPreimage(this MachineImage image, ReadOnlySpan<byte> key, ulong offset)
    {
        if (image is MachineImage<uint> narrow)
        {
            key.CopyTo(narrow.State.PreimageKey);
            narrow.State.PreimageOffset = (uint)offset;
        }
        else
        {
            key.CopyTo(Wide(image).PreimageKey);
            Wide(image).PreimageOffset = offset;
        }
    }

    /// <summary>The threads; null where the version has none.</summary>
    public static ThreadTable<ulong>? Threads(this MachineImage image) =>
        (image as MachineImage<ulong>)?.State.Threads;

    private static MachineState<ulong> Wide(MachineImage image) => ((MachineImage<ulong>)image).State;
}
