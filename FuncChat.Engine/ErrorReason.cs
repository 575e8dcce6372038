namespace FuncChat.Engine;

/// <summary>The reasons of errors that programs act on, in OpenAI's words.</summary>
public static class ErrorReason
{
    public const string ModelNotFound = "model_not_found";
    public const string ContextLengthExceeded = "context_length_exceeded";
    public const string InsufficientQuota = "insufficient_quota";
}
