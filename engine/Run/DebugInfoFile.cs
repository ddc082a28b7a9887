using Culverin.Execute;
using Culverin.Files;
using Culverin.Files.Streams;
using Culverin.State;

namespace Culverin.Run;

/// <summary>
/// The statistics that --debug-info asks for (VM-SPEC 13.2), with the fields of the newest reference, which
/// are those that op-challenger reads. What a single-threaded machine does not have is zero.
/// </summary>
internal static class DebugInfoFile
{
    /// <summary>Writes the statistics of a machine.</summary>
    /// <param name="path">The file, replaced whole or not at all; "" is none, "-" standard output.</param>
    /// <param name="machine">The machine; it must not run meanwhile.</param>
    /// <exception cref="CulverinException"><see cref="ErrorCode.FileAccess"/>.</exception>
    public static void Write(string path, Machine machine) =>
        OutputFile.Write(path, output => Write(output, machine));

    private static void Write(Stream output, Machine machine)
    {
        // The reference counts pre-images without their length prefixes.
        ulong prefixBytes = machine.PreimageRequestCount * PreimageRead.PrefixSizeBytes;
        var json = new GoJsonWriter(output);
        json.BeginObject();
        WriteNumber(json, "pages"u8, (ulong)machine.PageCount);
        json.Name("memory_used"u8);
        json.HexNumber((ulong)machine.PageCount * GuestMemory.PageSizeBytes);
        WriteNumber(json, "num_preimage_requests"u8, machine.PreimageRequestCount);
        WriteNumber(json, "total_preimage_size"u8, machine.PreimageTotalBytes - prefixBytes);
        WriteNumber(json, "total_steps"u8, machine.Step);
        WriteNumber(json, "instruction_cache_miss_count"u8, 0);
        json.Name("highest_icache_miss_pc"u8);
        json.HexNumber(0);
        WriteNumber(json, "rmw_success_count"u8, 0);
        WriteNumber(json, "rmw_fail_count"u8, 0);
        WriteNumber(json, "max_steps_between_ll_and_sc"u8, 0);
        WriteNumber(json, "reservation_invalidation_count"u8, 0);
        WriteNumber(json, "forced_preemption_count"u8, 0);
        WriteNumber(json, "idle_step_count_thread_0"u8, 0);
        json.EndObject();
        json.EndFile();
    }

    private static void WriteNumber(GoJsonWriter json, ReadOnlySpan<byte> name, ulong value)
    {
        json.Name(name);
        json.Number(value);
    }
}
