namespace Culverin.Harness.Abi;

/// <summary>
/// What usually lies behind the reverts of the rollup's contracts: by the name of their custom errors, and
/// by their texts.
/// </summary>
internal static class RevertHints
{
    private static readonly (string Name, string Hint)[] Errors =
    [
        ("AlreadyInitialized", "initialize was called before"),
        ("AnchorRootNotFound", "the anchor registry has no root for this game type"),
        ("BadAuth", "a permissioned game answers its proposer and challenger only"),
        ("BadExtraData", "the game's extra data must be exactly the 32 bytes of the L2 block number"),
        ("BadTarget", "the portal may not call itself or its token"),
        ("BlockNumberMatches", "the header's number is the claimed one, so there is nothing to challenge"),
        ("BondTransferFailed", "the receiver of the ether refuses it"),
        ("CallPaused", "the guardian has paused the system"),
        ("CannotDefendRootClaim", "the root claim can be attacked only"),
        ("ClaimAboveSplit", "there is no execution trace above the split depth"),
        ("ClaimAlreadyExists", "the same claim stands at this position under the same parent"),
        ("ClaimAlreadyResolved", "the claim or subgame is resolved"),
        ("ClockNotExpired", "a chess clock that decides this is still running"),
        ("ClockTimeExceeded", "the mover's chess clock has run out"),
        ("DuplicateStep", "the claim is countered by a step"),
        ("GameAlreadyExists", "a game of this type, root and block exists; join it instead"),
        ("GameDepthExceeded", "the parent is at the maximum depth: step instead"),
        ("GameNotInProgress", "the game is resolved"),
        ("IncorrectBondAmount", "the value must be exactly the required bond"),
        ("InvalidClockExtension", "the clock extension is above the maximum clock duration"),
        ("InvalidDisputedClaimIndex", "the disputed claim is not the one at this index now"),
        ("InvalidHeaderRLP", "the header is not the RLP of a block header"),
        ("InvalidLocalIdent", "local pre-images have the numbers 1 to 5"),
        ("InvalidOutputRootProof", "the output root does not consist of these parts"),
        ("InvalidParent", "the claim's parent is of the wrong kind"),
        ("InvalidPrestate", "the witness does not hash to the claimed pre-state"),
        ("InvalidSplitDepth", "the split depth must be below the maximum depth"),
        ("L2BlockNumberChallenged", "the root's block number was proven wrong: only resolve is left"),
        ("MaxDepthTooLarge", "the maximum depth is above 125"),
        ("NoCreditToClaim", "nothing is owed, or it was claimed"),
        ("NoImplementation", "the factory has no game of this type"),
        ("OutOfOrderResolution", "a subgame below is not resolved"),
        ("UnexpectedRootClaim", "the status byte of the execution root does not suit its place"),
        ("ValidStep", "the claim is right: no step can counter it"),
        ("ActiveProposal", "the challenge period is not over"),
        ("AlreadyFinalized", "it is final"),
        ("BadProposal", "the large pre-image proposal was countered"),
        ("InsufficientBond", "a large pre-image proposal needs a larger bond"),
        ("InvalidInputSize", "the input is not of the allowed size"),
        ("InvalidPreimage", "the leaf's state does not follow"),
        ("InvalidProof", "the Merkle proof does not hold"),
        ("NotEOA", "leaves must come in a transaction straight from an account"),
        ("NotInitialized", "the large pre-image proposal was not begun"),
        ("PartOffsetOOB", "the part lies beyond the pre-image and its length prefix"),
        ("PostStateMatches", "the proposed leaf is right"),
        ("StatesNotContiguous", "the two leaves do not follow each other"),
        ("TreeSizeOverflow", "the proposal has too many leaves"),
        ("WrongStartingBlock", "the leaf is not the next one"),
        ("ExecutionFailed", "the call by the Safe failed: is the module enabled, the Safe guardian?"),
        ("Unauthorized", "only a certain account may do this"),
        ("NotDepositor", "only the depositor account may set the L1 block"),
        ("GasEstimation", "the withdrawal's target fails with any gas"),
        ("LargeCalldata", "a deposit's data is limited to 120,000 bytes"),
        ("SmallGasLimit", "the deposit's gas limit is below the minimum for its data"),
        ("OutOfGas", "the block has sold its deposit gas"),
        ("NonReentrant", "the portal was entered within a withdrawal"),
        ("ContentLengthMismatch", "the proof's RLP is malformed"),
        ("EmptyItem", "the proof's RLP is malformed"),
        ("InvalidDataRemainder", "the proof's RLP is malformed"),
        ("InvalidHeader", "the proof's RLP is malformed"),
        ("UnexpectedList", "the proof's RLP is malformed"),
        ("UnexpectedString", "the proof's RLP is malformed"),
        ("GameNotFinalized", "the game's delay after its resolution is not over"),
        ("GameNotResolved", "the game is not resolved"),
        ("GamePaused", "the guardian has paused the system"),
        ("OptimismPortal_AlreadyFinalized", "the withdrawal was paid out before"),
        ("OptimismPortal_CallPaused", "the guardian has paused the system"),
        ("OptimismPortal_ImproperDisputeGame", "the game is blacklisted, retired or not registered"),
        ("OptimismPortal_BadTarget", "the portal may not call itself or its lockbox"),
        ("OptimismPortal_GasEstimation", "the withdrawal's target fails with any gas"),
        ("OptimismPortal_InvalidDisputeGame", "the game was lost, or its type was not the respected one"),
        ("OptimismPortal_InvalidMerkleProof", "the storage proof does not lead to the withdrawal"),
        ("OptimismPortal_InvalidOutputRootProof", "the output root does not consist of these parts"),
        ("OptimismPortal_InvalidProofTimestamp", "the withdrawal was proven before the game was made"),
        ("OptimismPortal_InvalidRootClaim", "the game's root is not valid"),
        ("OptimismPortal_NoReentrancy", "the portal was entered within a withdrawal"),
        ("OptimismPortal_ProofNotOldEnough", "the proof has not matured"),
        ("OptimismPortal_Unproven", "this prover has not proven the withdrawal"),
        ("OptimismPortal_WrongProofMethod", "the portal takes proofs of super roots only, or of none"),
    ];

    private static readonly (string Start, string Hint)[] Texts =
    [
        ("OptimismPortal: invalid game type", "the respected game type is another one: prove on such a game"),
        ("OptimismPortal: cannot prove against", "the game was lost: prove on another one"),
        ("OptimismPortal: dispute game created before", "prove on a newer game"),
        ("OptimismPortal: dispute game has been blacklisted", "prove on another game"),
        ("OptimismPortal: invalid output root proof", "the output root does not consist of these parts"),
        ("OptimismPortal: output proposal has not been validated", "the game is not won by the defender"),
        ("OptimismPortal: output proposal in air-gap", "wait for the finality delay after the resolution"),
        ("OptimismPortal: proven withdrawal has not matured", "wait for the proof maturity delay"),
        ("OptimismPortal: withdrawal has not been proven", "prove first, or name the right prover"),
        ("OptimismPortal: withdrawal timestamp less", "prove in a later second than the game's creation"),
        ("MerkleTrie:", "the storage proof does not fit the root: is it of the proposed block?"),
        ("DelayedWETH: withdrawal delay not met", "wait for the bond's delay"),
        ("DelayedWETH: contract is paused", "the guardian has paused the system"),
        ("Pausable: paused", "the guardian has paused the system"),
        ("SuperchainConfig: only guardian", "the caller is not the guardian"),
        ("Ownable: caller is not the owner", "the caller is not the owner"),
        ("Initializable: contract is already initialized", "initialize was called before"),
        ("GS020", "fewer signatures than the Safe's threshold"),
        ("GS013", "the call within the Safe's transaction failed"),
        ("GS025", "an owner has not approved the Safe's transaction"),
        ("GS026", "a signature is not an owner's, or the owners are not in ascending order"),
        ("GS104", "the caller is no module of the Safe"),
        ("pre-image must exist", "load the pre-image part that the step reads first"),
        ("check that there is enough calldata", "the step's proof is shorter than its layout"),
        ("Proxy: implementation not initialized", "the proxy has no implementation"),
    ];

    private static readonly Dictionary<string, string> HintByError =
        Errors.ToDictionary(error => error.Name, error => error.Hint);

    /// <summary>The names of the custom errors whose usual cause is known.</summary>
    internal static IEnumerable<string> ErrorNames => HintByError.Keys;

    /// <summary>The usual cause of a custom error; null when it is not known.</summary>
    internal static string? ForError(string name) => HintByError.GetValueOrDefault(name);

    /// <summary>The usual cause behind a text; null when it is not known.</summary>
    internal static string? ForText(string text) => Texts
        .Where(entry => text.StartsWith(entry.Start, StringComparison.Ordinal))
        .Select(entry => entry.Hint)
        .FirstOrDefault();
}
