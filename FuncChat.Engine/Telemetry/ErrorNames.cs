using System.Text.Json;

namespace FuncChat.Engine.Telemetry;

/// <summary>What `error.type` says of a failure: the codes that clients get as well, and nothing that holds a person's words.</summary>
internal static class ErrorNames
{
    private static readonly Dictionary<ErrorCode, string> OfCodes =
        Enum.GetValues<ErrorCode>().ToDictionary(code => code, code => JsonSerializer.Serialize(code).Trim('"'));

    public static string Of(ErrorCode code) => OfCodes[code];

    public static string Of(Exception failure) => failure switch
    {
        Models.ModelException model => Of(model.Error.Code),
        OperationCanceledException => Of(ErrorCode.Cancelled),
        _ => failure.GetType().FullName ?? "_OTHER",
    };
}
