namespace FuncChat.Engine.Turns;

/// <summary>Counts the running turns, or those that wait, of each user and in total.</summary>
/// <param name="tooManyOfUser">The error of a user who has as many as the limit allows.</param>
internal sealed class ConcurrentTurnLimiter(TurnOptions options, Func<int, AppError> tooManyOfUser)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _ofUser = new(StringComparer.Ordinal);
    private int _total;

    /// <summary>Counts one more turn, or returns an error if that is one too many. Each success is followed by one <see cref="Leave"/>.</summary>
    public AppError? TryEnter(string user)
    {
        lock (_lock)
        {
            if (_ofUser.GetValueOrDefault(user) >= options.MaxPerUser)
                return tooManyOfUser(options.MaxPerUser);
            if (_total >= options.MaxPerProcess)
                return TurnErrors.TooManyInTotal;
            Count(user);
            return null;
        }
    }

    /// <summary>Counts a turn that is continued: it was admitted when it began.</summary>
    public void Enter(string user)
    {
        lock (_lock)
            Count(user);
    }

    public void Leave(string user)
    {
        lock (_lock)
        {
            _total--;
            if (--_ofUser[user] == 0)
                _ofUser.Remove(user);
        }
    }

    private void Count(string user)
    {
        _ofUser[user] = _ofUser.GetValueOrDefault(user) + 1;
        _total++;
    }
}
