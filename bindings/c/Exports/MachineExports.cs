using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Culverin.Abi.Types;
using Culverin.Run;
using Engine = Culverin.Embed.ManagedEngine;

namespace Culverin.Abi.Exports;

// SAFETY: pointers come from C; Boundary and Arguments refuse null and look handles up, and the rest is the
// header's contract.

/// <summary>Machines</summary>
internal static unsafe class MachineExports
{
    /// <summary>
    /// Loads a state file; the name decides its format (.bin, .bin.gz, .json, .json.gz, .culverin). Options
    /// may be null. The caller frees the machine by culverin_machine_free.
    /// </summary>
    [UnmanagedCallersOnly(EntryPoint = "culverin_machine_load_state", CallConvs = [typeof(CallConvCdecl)])]
    public static Status LoadState(MachineHandle** machine, [Const] sbyte* path, [Const] Options* options) =>
        Create(machine, options, settings =>
            Engine.Instance.LoadState(Arguments.Text(path, nameof(path)), settings));

    /// <summary>
    /// Loads a state from memory, compressed or not; its content tells the format. The bytes are copied.
    /// The caller frees the machine.
    /// </summary>
    [UnmanagedCallersOnly(
        EntryPoint = "culverin_machine_load_state_memory", CallConvs = [typeof(CallConvCdecl)])]
    public static Status LoadStateMemory(
        MachineHandle** machine, [Const] byte* content, nuint contentSize, [Const] Options* options) =>
        Create(machine, options, settings => Engine.Instance.LoadState(
            Arguments.Bytes(content, contentSize, nameof(content)), settings));

    /// <summary>
    /// Makes the first state of the program in a file, for a state version. The caller frees the machine.
    /// </summary>
    [UnmanagedCallersOnly(EntryPoint = "culverin_machine_load_elf", CallConvs = [typeof(CallConvCdecl)])]
    public static Status LoadElf(
        MachineHandle** machine, [Const] sbyte* path, uint stateVersion, [Const] Options* options) =>
        Create(machine, options, settings => Engine.Instance.LoadElf(
            Arguments.Text(path, nameof(path)), Settings.VersionOf(stateVersion), settings));

    /// <summary>
    /// Makes the first state of a program in memory. The bytes are copied. The caller frees the machine.
    /// </summary>
    [UnmanagedCallersOnly(
        EntryPoint = "culverin_machine_load_elf_memory", CallConvs = [typeof(CallConvCdecl)])]
    public static Status LoadElfMemory(
        MachineHandle** machine,
        [Const] byte* content,
        nuint contentSize,
        uint stateVersion,
        [Const] Options* options) =>
        Create(machine, options, settings => Engine.Instance.LoadElf(
            Arguments.Bytes(content, contentSize, nameof(content)),
            Settings.VersionOf(stateVersion),
            settings));

    /// <summary>
    /// Frees a machine, stops its pre-image server and completes its recording. If another thread runs it,
    /// that run ends with CULVERIN_E_CANCELLED and frees it then. Null is nothing to do.
    /// </summary>
    [UnmanagedCallersOnly(EntryPoint = "culverin_machine_free", CallConvs = [typeof(CallConvCdecl)])]
    public static Status Free(MachineHandle* machine) => Boundary.Free<MachineObject>(machine);

    /// <summary>
    /// Runs until a limit or the guest's end, and sets end to one of CULVERIN_END_*. Limits may be null: to
    /// the end. On any error but CULVERIN_E_MISUSE the machine is in the state before the step that failed,
    /// or between two steps, and may go on.
    /// </summary>
    [UnmanagedCallersOnly(EntryPoint = "culverin_machine_run", CallConvs = [typeof(CallConvCdecl)])]
    public static Status Run(MachineHandle* machine, int* end, [Const] Limits* limits) =>
        Boundary.Use<MachineObject>(machine, target =>
        {
            Arguments.Require(end, nameof(end));
            Limits given = limits is null ? default : Arguments.Struct(limits, nameof(limits));
            using RunControl control = RunControl.Of(target, given.Cancel);
            *end = (int)target.Machine.Run(RunControl.LimitsOf(given, control.Token));
            return Status.Ok;
        });

    /// <summary>
    /// Batch: runs to each of count ascending steps and writes the state hash there, 32 bytes each; done
    /// tells how many were reached. Steps behind the guest's end get the last state's hash.
    /// </summary>
    [UnmanagedCallersOnly(EntryPoint = "culverin_machine_hashes", CallConvs = [typeof(CallConvCdecl)])]
    public static Status Hashes(
        MachineHandle* machine,
        byte* hashes,
        nuint* done,
        [Const] ulong* steps,
        nuint count,
        [Const] CancelHandle* cancel) =>
        Boundary.Use<MachineObject>(machine, target =>
        {
            Arguments.Require(done, nameof(done));
            *done = 0;
            if (count > 0)
            {
                Arguments.Require(hashes, nameof(hashes));
                Arguments.Require(steps, nameof(steps));
            }

            using RunControl control = RunControl.Of(target, cancel);
            for (; *done < count; (*done)++)
            {
                ulong step = steps[*done];
                if (step < target.Machine.Step)
                {
                    throw new CulverinException(
                        ErrorCode.InvalidArgument, $"The machine is past step {step} already.");
                }

                _ = target.Machine.Run(
                    new RunLimits { UntilStep = step, Cancellation = control.Token });
                Arguments.ReturnHash(
                    hashes + (*done * Arguments.HashSizeBytes), target.Machine.StateHash());
            }

            return Status.Ok;
        });

    /// <summary>Tells where the machine is.</summary>
    [UnmanagedCallersOnly(EntryPoint = "culverin_machine_describe", CallConvs = [typeof(CallConvCdecl)])]
    public static Status Describe(MachineHandle* machine, Types.MachineSummary* summary) =>
        Boundary.Use<MachineObject>(machine, target =>
        {
            Culverin.Run.MachineSummary known = target.Machine.Describe();
            var value = new Types.MachineSummary
            {
                Step = known.Step,
                ProgramCounter = known.ProgramCounter,
                PageCount = (ulong)known.PageCount,
                PreimageRequestCount = known.PreimageRequestCount,
                PreimageTotalBytes = known.PreimageTotalBytes,
                LastPreimageOffset = known.LastPreimageOffset,
                StateVersion = (uint)known.Version,
                Exited = known.Exited ? 1u : 0,
                ExitCode = known.ExitCode,
                HasLastPreimage = known.LastPreimageKey is null ? 0 : 1u,
            };
            known.LastPreimageKey?.CopyTo(new Span<byte>(value.LastPreimageKey, Arguments.HashSizeBytes));
            Arguments.Return(summary, value, nameof(summary));
            return Status.Ok;
        });

    /// <summary>The step counter alone.</summary>
    [UnmanagedCallersOnly(EntryPoint = "culverin_machine_step", CallConvs = [typeof(CallConvCdecl)])]
    public static Status Step(MachineHandle* machine, ulong* step) =>
        Boundary.Use<MachineObject>(machine, target =>
        {
            Arguments.Require(step, nameof(step));
            *step = target.Machine.Step;
            return Status.Ok;
        });

    /// <summary>The state hash, 32 bytes: the claim of a dispute at this step.</summary>
    [UnmanagedCallersOnly(EntryPoint = "culverin_machine_hash", CallConvs = [typeof(CallConvCdecl)])]
    public static Status Hash(MachineHandle* machine, byte* hash) =>
        Boundary.Use<MachineObject>(machine, target =>
        {
            Arguments.Require(hash, nameof(hash));
            Arguments.ReturnHash(hash, target.Machine.StateHash());
            return Status.Ok;
        });

    /// <summary>The bytes that the state hash commits to, copied.</summary>
    [UnmanagedCallersOnly(EntryPoint = "culverin_machine_witness", CallConvs = [typeof(CallConvCdecl)])]
    public static Status Witness(
        MachineHandle* machine, byte* witness, nuint witnessSize, nuint* witnessLength) =>
        Boundary.Use<MachineObject>(machine, target =>
            Arguments.Return(witness, witnessSize, witnessLength, target.Machine.Witness()));

    /// <summary>
    /// Executes one step and makes its proof. The caller frees the proof by culverin_proof_free; it does not
    /// depend on the machine.
    /// </summary>
    [UnmanagedCallersOnly(EntryPoint = "culverin_machine_prove", CallConvs = [typeof(CallConvCdecl)])]
    public static Status Prove(MachineHandle* machine, ProofHandle** proof) =>
        Boundary.Create<MachineObject>(
            machine, (void**)proof, target => new ProofObject(target.Machine.Prove()));

    /// <summary>
    /// Writes a state file, replaced whole or not at all; the name decides its format as in
    /// culverin_machine_load_state.
    /// </summary>
    [UnmanagedCallersOnly(EntryPoint = "culverin_machine_save", CallConvs = [typeof(CallConvCdecl)])]
    public static Status Save(MachineHandle* machine, [Const] sbyte* path) =>
        Boundary.Use<MachineObject>(machine, target =>
        {
            target.Machine.Save(Arguments.Text(path, nameof(path)));
            return Status.Ok;
        });

    /// <summary>
    /// Stops the pre-image server and completes the recording, and tells errors that freeing would not.
    /// Further pre-images fail.
    /// </summary>
    [UnmanagedCallersOnly(
        EntryPoint = "culverin_machine_finish_preimages", CallConvs = [typeof(CallConvCdecl)])]
    public static Status FinishPreimages(MachineHandle* machine) =>
        Boundary.Use<MachineObject>(machine, target =>
        {
            target.Machine.FinishPreimages();
            return Status.Ok;
        });

    private static Status Create(
        MachineHandle** machine, Options* options, Func<MachineOptions, IEngineMachine> load) =>
        Boundary.Create((void**)machine, () => Settings.Connect(
            options, settings => new MachineObject(load(settings), settings)));
}
