namespace FuncChat.Engine.Models;

/// <summary>Tokens of the app's own identity, for providers that are called without a key. The adapter is FuncChat.Azure's.</summary>
public interface IAppTokens
{
    /// <summary>Gives a token that is good for a while yet. It is asked for before each call, so a kept one costs nothing.</summary>
    /// <param name="scope">What the token is for, such as `https://cognitiveservices.azure.com/.default`.</param>
    /// <exception cref="AppTokenException">There is none: the identity is missing, may not, or can't be reached.</exception>
    ValueTask<string> GetAsync(string scope, CancellationToken cancellationToken);
}

/// <summary>The app's identity gives no token. The message is for the log; nobody outside is shown it.</summary>
public sealed class AppTokenException(string message, Exception? innerException = null) : Exception(message, innerException);
