using System.Text.Json.Serialization;
using FuncChat.Engine;
using FuncChat.Engine.Chat;
using FuncChat.Engine.Models;

namespace FuncChat.Web.Chat;

/// <summary>What a turn's fingerprint covers besides its messages.</summary>
internal sealed record FingerprintedSettings(
    string Model, IReadOnlyList<string> Tools, IReadOnlyList<ClientTool>? ClientTools, SamplingOptions Sampling, IReadOnlyDictionary<string, RawJson>? Options);

[JsonSerializable(typeof(FingerprintedSettings))]
internal sealed partial class ChatTurnJson : JsonSerializerContext;
