namespace FuncChat.Engine.Models;

/// <summary>A model call failed; <see cref="Error"/> is what the turn ends with.</summary>
public sealed class ModelException(AppError error, Exception? innerException = null) : Exception(error.Message, innerException)
{
    public AppError Error { get; } = error;
}
