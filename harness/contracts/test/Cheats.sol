// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// What the tests use of the test runner's cheat codes.
interface Cheats {
    function assume(bool condition) external pure;
    function deal(address account, uint256 wei_) external;
    function expectRevert() external;
    function expectRevert(bytes calldata data) external;
    function ffi(string[] calldata command) external returns (bytes memory);
    function getCode(string calldata artifact) external view returns (bytes memory);
    function parseJsonBytes(string calldata json, string calldata key) external pure returns (bytes memory);
    function parseJsonBytes32(string calldata json, string calldata key) external pure returns (bytes32);
    function prank(address sender) external;
    function readFile(string calldata path) external view returns (string memory);
    function roll(uint256 number) external;
    function startPrank(address sender) external;
    function stopPrank() external;
    function toString(uint256 value) external pure returns (string memory);
    function warp(uint256 timestamp) external;
}

/// The base of all tests: the cheat codes, checks, and the production contracts' artifacts.
abstract contract ArtifactTest {
    Cheats internal constant vm = Cheats(address(uint160(uint256(keccak256("hevm cheat code")))));

    string private constant Artifacts = "node_modules/@eth-optimism/contracts-bedrock/forge-artifacts/";

    function assertEq(bytes32 found, bytes32 expected, string memory what) internal pure {
        require(found == expected, what);
    }

    function assertEq(uint256 found, uint256 expected, string memory what) internal pure {
        require(found == expected, what);
    }

    /// Deploys a contract of the package with its encoded constructor arguments.
    function deploy(string memory name, bytes memory arguments) internal returns (address made) {
        string memory path = string.concat(Artifacts, name, ".sol/", name, ".json");
        bytes memory code = bytes.concat(vm.getCode(path), arguments);
        assembly {
            made := create(0, add(code, 0x20), mload(code))
        }
        require(made != address(0), string.concat("the deployment of ", name, " failed"));
    }
}
