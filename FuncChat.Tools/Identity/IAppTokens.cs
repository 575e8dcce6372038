namespace FuncChat.Tools.Identity;

/// <summary>Tokens of the app's own identity, for services that are called without a key. FuncChat.Azure implements it.</summary>
public interface IAppTokens
{
    /// <summary>Returns a token that is valid for a while. Callers ask before each request: the implementation keeps the token.</summary>
    /// <param name="scope">The resource, such as `https://cognitiveservices.azure.com/.default`.</param>
    /// <exception cref="AppTokenException">The identity is missing, has no permission, or can't be reached.</exception>
    ValueTask<string> GetAsync(string scope, CancellationToken cancellationToken);
}

/// <summary>The app's identity got no token. The message is for the log only.</summary>
public sealed class AppTokenException(string message, Exception? innerException = null) : Exception(message, innerException);
